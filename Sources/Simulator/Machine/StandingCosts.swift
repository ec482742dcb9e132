import Measures

/// What main memory costs beside the accesses of the cores, and the part of it that is one core's.
struct StandingCosts {
  let standby: Watts
  let refreshes: Int
  let refreshEnergy: Double
  /// Rows opened for requests that a refresh overtook at the very end are nobody's.
  let strayActivates: Int
  let activateEnergy: Double
  var share = 1.0
  /// Whether the counts, which cannot be shared, are this core's.
  var isCounted = true

  /// The costs at the end of a run.
  ///
  /// - Parameter activates: Those booked to accesses.
  init(_ memory: MemorySystem, activates: Int) {
    standby = memory.standby
    refreshes = memory.refreshes
    refreshEnergy = memory.refreshEnergy
    strayActivates = memory.activates - activates
    activateEnergy = memory.prices.activate
  }
}
