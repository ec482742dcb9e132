package import Measures

/// An on-chip memory of single words in banks; consecutive words lie in consecutive banks.
package struct Scratchpad: Hashable, Sendable {
  /// What a memory holds.
  package enum Role: String, Hashable, Sendable, CaseIterable {
    case activations, weights, accumulators
  }
  /// What a bank serves in one cycle.
  package enum Ports: String, Hashable, Sendable, CaseIterable {
    /// One access, read or write.
    case single = "1rw"
    /// One read and one write.
    case readWrite = "1r1w"
  }
  /// Who wins when several ask for one bank.
  package enum Arbitration: String, Hashable, Sendable, CaseIterable {
    /// The order of requesters starts one further on in every cycle.
    case rotating
    /// Array before vector unit before DMA.
    case fixed
  }

  package var name: String
  package var roles: [Role]
  package var capacity: Bytes
  /// 1 … 64.
  package var banks: Int
  /// Bytes of one word: what a bank delivers in one cycle.
  package var wordBytes: Int
  package var ports: Ports
  package var arbitration: Arbitration

  package init(
    name: String, roles: [Role], capacity: Bytes, banks: Int, wordBytes: Int, ports: Ports = .single,
    arbitration: Arbitration = .rotating
  ) {
    self.name = name
    self.roles = roles
    self.capacity = capacity
    self.banks = banks
    self.wordBytes = wordBytes
    self.ports = ports
    self.arbitration = arbitration
  }
}
