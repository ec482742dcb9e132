/// Requests that a DRAM channel has finished, in the order in which their column commands issued.
///
/// A buffer to be reused: ``removeAll()`` keeps its memory.
package struct DRAMCompletions: Sendable {
  /// A finished request.
  package struct Entry: Hashable, Sendable {
    /// What the request was enqueued with.
    package var tag: Int32
    /// The command-clock cycle at which the last beat of its data has crossed the bus.
    package var cycle: Int
    /// Activates issued for it; more than one if a refresh closed its row again before its turn.
    package var activates: Int32
    /// Whether it found its row closed.
    package var opensRow: Bool { activates > 0 }

    package init(tag: Int32, cycle: Int, activates: Int32 = 0) {
      self.tag = tag
      self.cycle = cycle
      self.activates = activates
    }
  }

  package private(set) var entries: [Entry] = []

  package init(reserving capacity: Int = 64) {
    entries.reserveCapacity(capacity)
  }

  package var count: Int { entries.count }
  package var isEmpty: Bool { entries.isEmpty }
  package subscript(index: Int) -> Entry { entries[index] }

  package mutating func append(tag: Int32, cycle: Int, activates: Int32 = 0) {
    entries.append(Entry(tag: tag, cycle: cycle, activates: activates))
  }

  /// Empties the buffer and keeps its memory.
  package mutating func removeAll() {
    entries.removeAll(keepingCapacity: true)
  }
}
