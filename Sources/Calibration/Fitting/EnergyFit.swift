import Measures

/// Fits prices of actions to measured energies: the energy of a run is linear in them, so that one simulation of each
/// row is enough.
struct EnergyFit: Sendable {
  var parameters: [Parameter]
  /// Rows: how often each parameter's action happened, the energy of all other actions, and what was measured, in joules.
  var counts: [[Double]]
  var others: [Double]
  var measured: [Double]
  var weights: [Double]
  var priorWeight: Double

  /// The priors by which prices are scaled: what they were before, or, for a price of 0, what alone would explain the rows.
  private var scales: [Double] {
    parameters.indices.map { index in
      let before = parameters[index].before.value
      guard before <= 0 else { return before }
      let count = counts.map { $0[index] }.reduce(0, +)
      return count > 0 ? measured.reduce(0, +) / count : 1
    }
  }

  /// The slopes of the relative errors in the scaled prices.
  var slopes: Matrix {
    let scales = scales
    return Matrix(
      columns: parameters.indices.map { index in
        measured.indices.map { row in
          weights[row].squareRoot() * counts[row][index] * scales[index] / measured[row]
        }
      }, rows: measured.count)
  }

  /// The prices that make the relative errors least, within the parameters' bounds.
  func prices(rows: [Int]? = nil) -> [Double] {
    let rows = rows ?? Array(measured.indices)
    let scales = scales
    let priors = Matrix.diagonal(parameters.map { priorWeight / $0.spread })
    let before = zip(parameters, scales).map { $0.before.value / $1 }
    let matrix = slopes.selecting(rows: rows).stacked(over: priors)
    let target =
      rows.map { weights[$0].squareRoot() * (1 - others[$0] / measured[$0]) }
      + zip(parameters, before).map { priorWeight / $0.spread * $1 }
    let solution = BoundedLeastSquares(
      matrix: matrix, target: target, lower: zip(parameters, scales).map { $0.lower.value / $1 },
      upper: zip(parameters, scales).map { $0.upper.value / $1 }
    ).solution(from: before)
    return zip(solution, scales).map { $0 * $1 }
  }

  /// Where each price lies in 95 of 100 resamples, each fitted anew.
  func intervals(_ bootstrap: Bootstrap) -> [ClosedRange<Double>] {
    let samples = bootstrap.samples(of: measured.count).map { prices(rows: $0) }
    return parameters.indices.map { index in
      let values = samples.map { $0[index] }
      return values.isEmpty ? 0...0 : values.quantile(0.025)...values.quantile(0.975)
    }
  }
}
