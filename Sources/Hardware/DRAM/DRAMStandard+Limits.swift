extension DRAMStandard {
  /// The most banks a channel's controller keeps apart.
  package static let mostBanks = 64

  /// The shortest refresh interval at which requests are served whatever happened before.
  ///
  /// Between one refresh and the next four commands must find their place, each at most the table's longest distance
  /// after the one before: PREA, REF, ACT and a column.
  package var leastRefreshInterval: Int { 4 * (constraints.map(\.distance).max() ?? 0) }
}
