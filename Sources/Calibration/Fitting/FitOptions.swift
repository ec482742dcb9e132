/// How a fit searches.
package struct FitOptions: Hashable, Sendable {
  /// The search of times: one of NLopt's, least squares, or both in turn.
  package enum Method: String, Hashable, Sendable, CaseIterable {
    case automatic = "auto"
    case leastSquares = "least-squares"
    case bobyqa, cobyla
    case nelderMead = "nelder-mead"
    case crs

    var minimizer: Minimizer.Method? {
      switch self {
      case .automatic: .bobyqa
      case .leastSquares: nil
      default: Minimizer.Method(rawValue: rawValue)
      }
    }
  }

  package var method: Method
  package var loss: Loss
  /// Machines that are tried; each takes a simulation of every row.
  package var mostEvaluations: Int
  /// Points from which the search starts, beside the present values.
  package var starts: Int
  package var resamples: Int
  package var seed: UInt64

  package init(
    method: Method = .automatic, loss: Loss = Loss(), mostEvaluations: Int = 300, starts: Int = 3,
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
