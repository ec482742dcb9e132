/// The mean and the variance of all elements along some axes, the variance divided by the number of elements.
///
/// The statistics of batch, layer, instance and group normalisation in training.
package struct Moments: Primitive {
  package static let name = "moments"
  /// Axes that are combined, ascending.
  package var axes: [Int]
  /// Whether combined axes stay with extent 1.
  package var keepsDimensions: Bool

  package init(axes: [Int], keepsDimensions: Bool) {
    self.axes = axes
    self.keepsDimensions = keepsDimensions
  }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 1)
    try requireFloatingPoint(operands[0])
    let mean = Reduce(.mean, axes: axes, keepsDimensions: keepsDimensions)
    do {
      let result = try mean.results(for: operands)
      return result + result
    } catch {
      throw shapeError(found: error.found, expected: error.expected)
    }
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    let (n, r) = (operands[0].count, results[0].count)
    return [
      .reduce(.add, n, r), .map(.multiply, r), .map(.subtract, n, 2), .reduce(.multiplyAdd, n, r),
      .map(.multiply, r),
    ]
  }
}
