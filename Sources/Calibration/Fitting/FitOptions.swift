/// How a fit searches.
package struct FitOptions: Hashable, Sendable {
  /// The search of times: one of NLopt's, least squares, or a search of all ranges followed by least squares.
  package enum Method: String, Hashable, Sendable, CaseIterable {
    case automatic = "auto"
    case leastSquares = "least-squares"
    case bobyqa, cobyla, sbplx
    case nelderMead = "nelder-mead"
    case crs

    var minimizer: Minimizer.Method? {
      switch self {
      case .automatic, .leastSquares: nil
      default: Minimizer.Method(rawValue: rawValue)
      }
    }
  }

  package var method: Method
  package var loss: Loss
  /// Machines that are tried; each takes a simulation of every row.
  package var mostEvaluations: Int
  /// Optima that are followed side by side; for a local search the points from which it starts.
  package var starts: Int
  package var resamples: Int
  package var seed: UInt64

  package init(
    method: Method = .automatic, loss: Loss = Loss(), mostEvaluations: Int = 200, starts: Int = 3,
    resamples: Int = 1000, seed: UInt64 = 0
  ) {
    self.method = method
    self.loss = loss
    self.mostEvaluations = mostEvaluations
    self.starts = starts
    self.resamples = resamples
    self.seed = seed
  }

  /// Rows up to which priors carry what the measurements cannot.
  package static let fewRows = 10

  /// The weight of the priors, as an error of one row: 5 % where rows are few, else just enough to break ties.
  func priorWeight(rows: Int) -> Double { rows <= Self.fewRows ? 0.05 : 0.005 }
}
