import COpenBLAS

/// A matrix as U Σ Vᵀ (LAPACK's `dgesvd`): which directions of the parameters the measurements see, and how well.
struct SingularValues: Hashable, Sendable {
  /// Left vectors as columns, `[rows, k]` with k the smaller extent.
  let left: Matrix
  /// Largest first.
  let values: [Double]
  /// Right vectors as rows, `[k, columns]`.
  let right: Matrix

  /// - Complexity: O(rows · columns · min(rows, columns)).
  init(_ matrix: Matrix) {
    let rank = min(matrix.rows, matrix.columns)
    guard rank > 0 else {
      left = Matrix(rows: matrix.rows, columns: 0)
      values = []
      right = Matrix(rows: 0, columns: matrix.columns)
      return
    }
    var a = matrix.values
    var s = Array(repeating: 0.0, count: rank)
    var u = Array(repeating: 0.0, count: matrix.rows * rank)
    var vt = Array(repeating: 0.0, count: rank * matrix.columns)
    var work = Array(repeating: 0.0, count: 5 * (matrix.rows + matrix.columns) + 64)
    let status = jk_dgesvd(
      Int32(matrix.rows), Int32(matrix.columns), &a, &s, &u, &vt, &work, Int32(work.count))
    precondition(status >= 0, "LAPACK refuses argument \(-status) of dgesvd")
    left = Matrix(
      columns: (0..<rank).map { Array(u[$0 * matrix.rows..<($0 + 1) * matrix.rows]) }, rows: matrix.rows)
    values = s
    right = Matrix(columns: (0..<matrix.columns).map { Array(vt[$0 * rank..<($0 + 1) * rank]) }, rows: rank)
  }

  /// The x that makes |A x − b|² + damping · |x|² least; directions that nothing sees stay at 0.
  func solution(_ b: [Double], damping: Double = 0) -> [Double] {
    var x = Array(repeating: 0.0, count: right.columns)
    let floor = (values.first ?? 0) * 1e-12
    for (index, value) in values.enumerated() where value > floor {
      let projection = zip(left.column(index), b).reduce(0) { $0 + $1.0 * $1.1 }
      let share = projection * value / (value * value + damping)
      for column in x.indices { x[column] += share * right[index, column] }
    }
    return x
  }

  /// The inverse of AᵀA; directions that nothing sees are left out.
  var inverseNormal: Matrix {
    var inverse = Matrix(rows: right.columns, columns: right.columns)
    let floor = (values.first ?? 0) * 1e-12
    for (index, value) in values.enumerated() where value > floor {
      for row in 0..<right.columns {
        for column in 0..<right.columns {
          inverse[row, column] += right[index, row] * right[index, column] / (value * value)
        }
      }
    }
    return inverse
  }
}
