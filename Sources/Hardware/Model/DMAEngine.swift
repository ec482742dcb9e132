package import Measures

/// The engines that copy between main memory and scratchpads: one in-order queue for loads, one for stores.
package struct DMAEngine: Hashable, Sendable {
  /// Clock of the bus; may differ from the core's.
  package var clock: Hertz
  /// Bytes the bus moves in one bus cycle, each direction.
  package var busBytes: Int
  /// Longest burst in bytes; bursts do not cross a multiple of it.
  package var burstBytes: Int
  /// Longest burst of a store, for an engine that writes word by word; 0 where it is ``burstBytes``.
  package var storeBurstBytes: Int
  /// Bursts under way at once, per direction.
  package var outstanding: Int
  /// Core cycles to decode a descriptor before its first burst.
  package var setupCycles: Int
  /// Bus cycles from engine to memory controller, and again back.
  package var latencyCycles: Int
  /// Core cycles for which loads wait before their first burst from a page of main memory: a walk of the page table, or a
  /// page fault.
  package var firstTouchCycles: Int

  package var longestStoreBurst: Int { storeBurstBytes > 0 ? storeBurstBytes : burstBytes }

  /// Bytes of a page of main memory.
  package static let pageBytes = 4096

  package init(
    clock: Hertz, busBytes: Int, burstBytes: Int, outstanding: Int, setupCycles: Int, latencyCycles: Int,
    firstTouchCycles: Int = 0, storeBurstBytes: Int = 0
  ) {
    self.clock = clock
    self.busBytes = busBytes
    self.burstBytes = burstBytes
    self.storeBurstBytes = storeBurstBytes
    self.outstanding = outstanding
    self.setupCycles = setupCycles
    self.latencyCycles = latencyCycles
    self.firstTouchCycles = firstTouchCycles
  }
}
