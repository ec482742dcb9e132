/// How the cores of a machine reach the channels of main memory that they share; a machine of one core has none.
///
/// A crossbar with a port for each core and one for each memory channel. A core's port keeps a short queue for each
/// channel; each channel takes one access at a time from one of the cores, as the arbitration says. An access keeps its
/// core's port and the channel's port busy while its bytes cross.
package struct Interconnect: Hashable, Sendable {
  /// Bytes that cross a port in one core cycle.
  package var portBytes: Int
  /// Core cycles of the way through, added to the DMA's own in each direction; also how long news of a finished
  /// instruction takes from core to core (at least one cycle).
  package var latencyCycles: Int
  /// Accesses that wait in a core's port for each channel.
  package var queueDepth: Int
  package var arbitration: Arbitration
  /// Turns of each core in a round, in the order of the cores; empty for one each.
  package var weights: [Int]

  /// Who goes first when several cores want the same channel.
  package enum Arbitration: String, Hashable, Sendable, CaseIterable {
    /// In turn, each core as often as its weight says; turns that a core does not need go to the next.
    case roundRobin = "round-robin"
    /// The core of the lowest number; others may starve.
    case priority
    /// Time is dealt out in slots by weight; a slot that its core does not need is lost, so that no core sees how busy
    /// the ports of the others are.
    case fixedShare = "fixed-share"
  }

  package init(
    portBytes: Int = 64, latencyCycles: Int = 0, queueDepth: Int = 4, arbitration: Arbitration = .roundRobin,
    weights: [Int] = []
  ) {
    self.portBytes = portBytes
    self.latencyCycles = latencyCycles
    self.queueDepth = queueDepth
    self.arbitration = arbitration
    self.weights = weights
  }

  /// The cores in the order of their turns, spread as evenly as their weights allow.
  package func round(cores: Int) -> [Int] {
    let weights = weights.count == cores ? weights : Array(repeating: 1, count: cores)
    let length = weights.reduce(0, +)
    var credit = Array(repeating: 0, count: cores)
    return (0..<length).map { _ in
      for core in credit.indices { credit[core] += weights[core] }
      var first = 0
      for core in credit.indices where credit[core] > credit[first] { first = core }
      credit[first] -= length
      return first
    }
  }
}
