/// What a DRAM channel has done so far.
package struct DRAMCounters: Hashable, Sendable {
  package var reads = 0
  package var writes = 0
  package var activates = 0
  /// Rows closed, by whichever command: PRE, PREA (each row it closes counts) or auto-precharge.
  package var precharges = 0
  package var refreshes = 0
  /// Requests that found their row open.
  package var rowHits = 0
  /// Requests whose bank was closed and had to be activated.
  package var rowMisses = 0
  /// Requests whose bank held another row, which had to be closed first.
  package var rowConflicts = 0

  package init() {}

  package static func += (left: inout Self, right: Self) {
    left.reads += right.reads
    left.writes += right.writes
    left.activates += right.activates
    left.precharges += right.precharges
    left.refreshes += right.refreshes
    left.rowHits += right.rowHits
    left.rowMisses += right.rowMisses
    left.rowConflicts += right.rowConflicts
  }
}
