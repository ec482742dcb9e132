/// Average power as a cost that adds up over operations.
///
/// P ≤ Pmax is the linear constraint Σ u (e − Pmax · t) ≤ 0, although e/t is a ratio; so energies and times of operations
/// suffice to steer a search under a limit of power.
package enum AverageCost {
  /// What each operation takes of the allowance, in joules: energy less the limit times its seconds.
  package static func excess(energies: [Double], times: [Double], limit: Double) -> [Double] {
    zip(energies, times).map { $0 - limit * $1 }
  }
}
