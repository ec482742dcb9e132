import Measures

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Accesses that a memory is loaded with: where they go, which of them write, and how they are spaced.
///
/// Accesses come at random (a Poisson process), whatever their addresses: the time between two of them is exponential.
/// The same seed gives the same accesses at every rate, only closer together.
package struct DRAMTraffic: Hashable, Sendable {
  /// How addresses follow each other.
  package enum Pattern: String, Hashable, Sendable, CaseIterable {
    /// One after the other from address 0.
    case streaming
    /// Anywhere in the memory.
    case random
  }

  package var pattern: Pattern
  /// Share of the accesses that write, 0 … 1.
  package var writeShare: Double
  package var accesses: Int
  package var seed: UInt64

  package init(_ pattern: Pattern, writeShare: Double = 0, accesses: Int = 20_000, seed: UInt64 = 1) {
    self.pattern = pattern
    self.writeShare = writeShare
    self.accesses = accesses
    self.seed = seed
  }

  /// One access: its number in the memory, and when it would come at a rate of one a cycle.
  struct Access: Hashable {
    var number: Int
    var isWrite: Bool
    var time: Double
  }

  /// All accesses to a memory that holds `capacity` of them, in the order of their arrival.
  func sequence(capacity: Int) -> [Access] {
    let root = RandomStream(seed: seed)
    var (gaps, places, kinds) = (root.child(0), root.child(1), root.child(2))
    var time = 0.0
    return (0..<accesses).map { index in
      defer { time -= log(1 - gaps.uniform()) }
      let number = pattern == .streaming ? index % capacity : places.below(capacity)
      return Access(number: number, isWrite: kinds.uniform() < writeShare, time: time)
    }
  }
}
