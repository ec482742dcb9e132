/// A small dense matrix, by columns as LAPACK has them.
struct Matrix: Hashable, Sendable {
  let rows: Int
  let columns: Int
  private(set) var values: [Double]

  init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    values = Array(repeating: 0, count: rows * columns)
  }

  /// - Precondition: all columns have the same length.
  init(columns: [[Double]], rows: Int) {
    self.init(rows: rows, columns: columns.count)
    values = columns.flatMap { $0 }
    precondition(values.count == rows * columns.count, "columns need one length")
  }

  subscript(_ row: Int, _ column: Int) -> Double {
    get { values[column * rows + row] }
    set { values[column * rows + row] = newValue }
  }

  func column(_ index: Int) -> [Double] { Array(values[index * rows..<(index + 1) * rows]) }

  /// The product with a vector.
  func times(_ vector: [Double]) -> [Double] {
    var product = Array(repeating: 0.0, count: rows)
    for column in 0..<columns {
      for row in 0..<rows { product[row] += self[row, column] * vector[column] }
    }
    return product
  }

  /// The rows at `indices`, each as often as it is named.
  func selecting(rows indices: [Int]) -> Matrix {
    Matrix(columns: (0..<columns).map { column in indices.map { self[$0, column] } }, rows: indices.count)
  }

  /// The matrix with rows below it.
  func stacked(over other: Matrix) -> Matrix {
    Matrix(columns: (0..<columns).map { column($0) + other.column($0) }, rows: rows + other.rows)
  }

  static func diagonal(_ values: [Double]) -> Matrix {
    var matrix = Matrix(rows: values.count, columns: values.count)
    for (index, value) in values.enumerated() { matrix[index, index] = value }
    return matrix
  }
}
