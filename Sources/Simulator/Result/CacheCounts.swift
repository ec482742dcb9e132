/// What a cache did in a run.
package struct CacheCounts: Hashable, Sendable {
  /// Requests whose line was there, or on its way for an earlier one.
  package var hits = 0
  /// Requests that fetched their line from the level below.
  package var misses = 0
  /// Marked lines that went to the level below.
  package var writeBacks = 0

  package init() {}
}
