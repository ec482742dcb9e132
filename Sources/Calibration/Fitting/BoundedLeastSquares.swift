/// The x within bounds that makes |A x − b|² least, one coordinate after the other.
///
/// The problem is convex, so that the descent ends at its solution (Hildreth, Naval Research Logistics Quarterly 4(1),
/// 1957, doi:10.1002/nav.3800040113); with a lower bound of 0 it is the non-negative least-squares problem of Lawson and
/// Hanson.
struct BoundedLeastSquares: Hashable, Sendable {
  var matrix: Matrix
  var target: [Double]
  var lower: [Double]
  var upper: [Double]

  /// - Complexity: O(sweeps · rows · columns), at most 20,000 sweeps.
  func solution(from start: [Double]) -> [Double] {
    var x = zip(start, zip(lower, upper)).map { min($1.1, max($1.0, $0)) }
    var residual = zip(matrix.times(x), target).map { $0 - $1 }
    let columns = (0..<matrix.columns).map { matrix.column($0) }
    let squares = columns.map { $0.reduce(0) { $0 + $1 * $1 } }
    for _ in 0..<20_000 {
      var largest = 0.0
      for index in x.indices where squares[index] > 0 {
        let slope = zip(columns[index], residual).reduce(0) { $0 + $1.0 * $1.1 }
        let next = min(upper[index], max(lower[index], x[index] - slope / squares[index]))
        let change = next - x[index]
        guard change != 0 else { continue }
        x[index] = next
        for row in residual.indices { residual[row] += change * columns[index][row] }
        largest = max(largest, abs(change) * squares[index].squareRoot())
      }
      if largest < 1e-10 { break }
    }
    return x
  }
}
