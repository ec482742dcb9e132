package import Measures

/// A cache between the DMA and main memory, such as the second level that an accelerator shares with a host core.
///
/// Set-associative by address. A load or a store that misses fetches the whole line; a store marks its line, and a
/// marked line that has to go is written to the level below.
package struct Cache: Hashable, Sendable {
  package var name: String
  package var capacity: Bytes
  package var ways: Int
  package var lineBytes: Int
  /// Core cycles from a request to its data when the line is there; a miss adds them to the time of the level below.
  package var latencyCycles: Int
  /// Core cycles of the way to the level below and back, which only a miss takes.
  package var wayBelowCycles: Int
  /// Lines that can be under way from the level below at once, in each bank.
  package var misses: Int
  /// Parts that keep their misses apart; consecutive lines lie in consecutive banks.
  package var banks: Int
  /// Core cycles for which the cache is busy with each line that it is asked for or given, one after the other.
  package var turnCycles: Int
  /// Core cycles that a marked line takes on its way to the level below, one after the other; the miss for which it goes
  /// waits for that.
  package var writeBackCycles: Int
  package var contents: Contents
  package var replacement: Replacement
  /// Looking a line up and moving what was asked for.
  package var accessEnergy: EnergyTable.Sourced<Joules>
  /// Writing a line that came from the level below, or reading one that goes there.
  package var lineEnergy: EnergyTable.Sourced<Joules>

  /// Which line of a full set goes.
  package enum Replacement: String, Hashable, Sendable, CaseIterable {
    /// The one that was used longest ago.
    case leastRecent = "least-recent"
    /// Any, by a 16-bit shift register, as in rocket-chip's inclusive cache; an empty way is not preferred.
    case random
  }

  /// What a cache holds when a run begins.
  package enum Contents: String, Hashable, Sendable, CaseIterable {
    case nothing
    /// Marked lines of others in every way: what a host wrote before.
    case others
  }

  package init(
    name: String, capacity: Bytes, ways: Int, lineBytes: Int, latencyCycles: Int, wayBelowCycles: Int = 0,
    misses: Int, banks: Int = 1, turnCycles: Int = 0, writeBackCycles: Int = 0,
    contents: Contents = .nothing, replacement: Replacement, accessEnergy: EnergyTable.Sourced<Joules>,
    lineEnergy: EnergyTable.Sourced<Joules>
  ) {
    self.name = name
    self.capacity = capacity
    self.ways = ways
    self.lineBytes = lineBytes
    self.latencyCycles = latencyCycles
    self.wayBelowCycles = wayBelowCycles
    self.misses = misses
    self.banks = banks
    self.turnCycles = turnCycles
    self.writeBackCycles = writeBackCycles
    self.contents = contents
    self.replacement = replacement
    self.accessEnergy = accessEnergy
    self.lineEnergy = lineEnergy
  }

  /// Groups of ``ways`` lines; consecutive lines lie in consecutive sets.
  package var sets: Int { capacity.count / (ways * lineBytes) }
  /// The number of the first line that is nobody's: the lines of ``Contents/others`` follow it way by way.
  package var firstForeignLine: Int { (1 << 42) / sets * sets }
  /// Lines that can be under way from the level below at once, all banks together.
  package var allMisses: Int { misses * banks }
}
