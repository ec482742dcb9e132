/// Normal equations of a least-squares fit whose regressors are zeros and ones.
struct SymmetricSystem {
  private let count: Int
  private var matrix: [Double]
  private var right: [Double]

  init(count: Int) {
    self.count = count
    matrix = Array(repeating: 0, count: count * count)
    right = Array(repeating: 0, count: count)
  }

  mutating func add(ones: [Int], value: Double) {
    for row in ones {
      right[row] += value
      for column in ones { matrix[row * count + column] += 1 }
    }
  }

  /// The solution by Cholesky's method; unknowns that the others determine, or nothing does, are zero.
  func solved() -> [Double] {
    var lower = matrix
    var isFree = Array(repeating: false, count: count)
    for column in 0..<count {
      var pivot = lower[column * count + column]
      for inner in 0..<column { pivot -= lower[column * count + inner] * lower[column * count + inner] }
      isFree[column] = pivot <= 1e-9 * max(1, matrix[column * count + column])
      let root = isFree[column] ? 1 : pivot.squareRoot()
      lower[column * count + column] = root
      for row in (column + 1)..<max(count, column + 1) {
        var sum = matrix[row * count + column]
        for inner in 0..<column { sum -= lower[row * count + inner] * lower[column * count + inner] }
        lower[row * count + column] = isFree[column] ? 0 : sum / root
      }
      if isFree[column] { for inner in 0..<column { lower[column * count + inner] = 0 } }
    }
    var solution = right
    for row in 0..<count {
      for inner in 0..<row { solution[row] -= lower[row * count + inner] * solution[inner] }
      solution[row] = isFree[row] ? 0 : solution[row] / lower[row * count + row]
    }
    for row in (0..<count).reversed() {
      for inner in (row + 1)..<max(count, row + 1) {
        solution[row] -= lower[inner * count + row] * solution[inner]
      }
      solution[row] = isFree[row] ? 0 : solution[row] / lower[row * count + row]
    }
    return solution
  }
}
