/// Which parameters the measurements can tell, from the slopes of all predictions (Jacobian `[rows, parameters]`).
///
/// A parameter whose whole range moves no prediction by half a percent is not seen; of two that move all predictions in
/// proportion, only one can be told.
package struct Identifiability: Hashable, Sendable {
  /// The root mean square change of the predictions over a parameter's whole range, in log units.
  package var effects: [Double]
  /// The correlation of two parameters' estimates, −1 … 1, by row and column; 0 on both for one that is not seen.
  package var correlations: [[Double]]
  /// The singular values of the slopes, largest first.
  package var singularValues: [Double]

  /// The least effect of a parameter that can be seen.
  package static let leastEffect = 0.005
  /// The correlation beyond which two parameters cannot be told apart.
  package static let largestCorrelation = 0.95

  init(_ jacobian: Matrix) {
    let effects = (0..<jacobian.columns).map { index in
      let squares = jacobian.column(index).reduce(0) { $0 + $1 * $1 }
      return (squares / Double(max(1, jacobian.rows))).squareRoot()
    }
    self.effects = effects
    let seen = effects.indices.filter { effects[$0] >= Self.leastEffect }
    let slopes = Matrix(columns: seen.map { jacobian.column($0) }, rows: jacobian.rows)
    let decomposition = SingularValues(slopes)
    singularValues = decomposition.values
    // A trace of a prior keeps directions that nothing sees from being left out, where they would look well known.
    let trace = Matrix.diagonal(seen.map { _ in (decomposition.values.first ?? 1) * 1e-4 })
    let covariance = SingularValues(slopes.stacked(over: trace)).inverseNormal
    var table = effects.map { _ in effects.map { _ in 0.0 } }
    for (row, first) in seen.enumerated() {
      for (column, second) in seen.enumerated() {
        let size = (covariance[row, row] * covariance[column, column]).squareRoot()
        table[first][second] = size == 0 ? 0 : covariance[row, column] / size
      }
    }
    correlations = table
  }

  /// Whether a parameter moves any prediction.
  package func isSeen(_ index: Int) -> Bool { effects[index] >= Self.leastEffect }

  /// Pairs of parameters that cannot be told apart.
  package var confusedPairs: [(Int, Int)] {
    effects.indices.flatMap { first in
      effects.indices.filter { second in
        second > first && abs(correlations[first][second]) > Self.largestCorrelation
      }.map { (first, $0) }
    }
  }

  /// The parameters that are worth fitting together, at most `most`: always the one next whose effect is least explained
  /// by those before it (a QR decomposition with column pivoting).
  static func choice(_ jacobian: Matrix, most: Int) -> [Int] {
    var columns = (0..<jacobian.columns).map { jacobian.column($0) }
    let rows = Double(max(1, jacobian.rows))
    var chosen: [Int] = []
    while chosen.count < most {
      let sizes = columns.map { ($0.reduce(0) { $0 + $1 * $1 } / rows).squareRoot() }
      guard let next = sizes.indices.filter({ !chosen.contains($0) }).max(by: { sizes[$0] < sizes[$1] }),
        sizes[next] >= 2 * leastEffect
      else { break }
      chosen.append(next)
      let length = (columns[next].reduce(0) { $0 + $1 * $1 }).squareRoot()
      let direction = columns[next].map { $0 / length }
      for index in columns.indices where !chosen.contains(index) {
        let share = zip(direction, columns[index]).reduce(0) { $0 + $1.0 * $1.1 }
        columns[index] = zip(columns[index], direction).map { $0 - share * $1 }
      }
    }
    return chosen.sorted()
  }
}
