import COpenBLAS

/// Functions known at some points, continued to the whole cube by cubes of distances and a plane.
///
/// Source: Gutmann, Journal of Global Optimization 19, 2001, doi:10.1023/A:1011255519438, section 2. All functions share the
/// points, so that one system gives the coefficients of all of them. A trace of smoothing keeps small jumps between near
/// points, which rounded values make, from becoming waves elsewhere.
struct RadialSurrogate: Sendable {
  private let points: [[Double]]
  /// By function: one coefficient for each point, then the plane's slopes and its height.
  private let coefficients: [[Double]]

  /// - Parameters:
  ///   - points: Where the functions are known, `[samples][coordinates]`; no two the same.
  ///   - values: The functions there, `[samples][functions]`.
  /// - Returns: nil where there are too few points for a plane through them.
  /// - Complexity: O(samples³).
  init?(points: [[Double]], values: [[Double]], smoothing: Double = 1e-6) {
    guard let first = points.first, points.count > first.count else { return nil }
    let (samples, coordinates) = (points.count, first.count)
    let order = samples + coordinates + 1
    var system = Array(repeating: 0.0, count: order * order)
    for column in 0..<samples {
      for row in 0..<samples { system[column * order + row] = Self.kernel(points[row], points[column]) }
      system[column * order + column] += smoothing
      for (index, value) in (points[column] + [1]).enumerated() {
        system[column * order + samples + index] = value
        system[(samples + index) * order + column] = value
      }
    }
    var solution = values[0].indices.flatMap { function in
      values.map { $0[function] } + Array(repeating: 0.0, count: coordinates + 1)
    }
    var pivots = Array(repeating: Int32(0), count: order)
    guard jk_dgesv(Int32(order), Int32(values[0].count), &system, &pivots, &solution) == 0 else { return nil }
    self.points = points
    coefficients = values[0].indices.map { Array(solution[$0 * order..<($0 + 1) * order]) }
  }

  /// All functions at a point.
  func values(at point: [Double]) -> [Double] {
    let terms = points.map { Self.kernel($0, point) } + point + [1]
    return coefficients.map { coefficients in
      var sum = 0.0
      for index in terms.indices { sum += coefficients[index] * terms[index] }
      return sum
    }
  }

  private static func kernel(_ first: [Double], _ second: [Double]) -> Double {
    let square = squaredDistance(first, second)
    return square * square.squareRoot()
  }
}

func squaredDistance(_ first: [Double], _ second: [Double]) -> Double {
  var square = 0.0
  for index in first.indices {
    let step = first[index] - second[index]
    square += step * step
  }
  return square
}
