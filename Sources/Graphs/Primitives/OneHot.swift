/// A new axis that holds one value at an index and another elsewhere.
///
/// Operands: indices, values `[2]` (elsewhere, at the index).
package struct OneHot: Primitive {
  package static let name = "one-hot"
  package var depth: Int
  package var axis: Int

  package init(depth: Int, axis: Int) {
    self.depth = depth
    self.axis = axis
  }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 2)
    try requireInteger(operands[0], "indices")
    try require(operands[1], hasShape: [2], "values")
    try require(
      depth >= 1 && (0...operands[0].rank).contains(axis), found: "depth \(depth) on axis \(axis)",
      expected: "a depth of at least 1 on an axis in 0 ... \(operands[0].rank)")
    var shape = operands[0].shape
    shape.insert(depth, at: axis)
    return [TensorType(shape, operands[1].elementType)]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    [.map(.compare, results[0].count), .map(.select, results[0].count)]
  }
}

/// A matrix without the elements below, or above, a diagonal.
package struct Trilu: Primitive {
  package static let name = "trilu"
  /// Whether the upper part stays, else the lower.
  package var upper: Bool
  /// The diagonal: 0 is the main one, positive ones lie above it.
  package var k: Int

  package init(upper: Bool, k: Int = 0) {
    self.upper = upper
    self.k = k
  }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 1)
    try require(operands[0].rank >= 2, found: "\(operands[0])", expected: "[…, rows, columns]")
    return operands
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    [.map(.select, results[0].count)]
  }
}
