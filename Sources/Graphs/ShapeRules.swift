/// The checks that the shape rules of all primitives share.
extension Primitive {
  /// An error at this primitive.
  package func shapeError(found: String, expected: String) -> ShapeError {
    ShapeError(Self.name, found: found, expected: expected)
  }

  /// Checks the number of operands.
  package func require(_ operands: [TensorType], count: ClosedRange<Int>) throws(ShapeError) {
    guard !count.contains(operands.count) else { return }
    let expected = count.count == 1 ? "\(count.lowerBound)" : "\(count.lowerBound) to \(count.upperBound)"
    throw shapeError(found: "\(operands.count) operands", expected: expected)
  }

  /// Checks the number of operands.
  package func require(_ operands: [TensorType], count: Int) throws(ShapeError) {
    try require(operands, count: count...count)
  }

  /// Checks a condition that the expectation puts into words.
  package func require(
    _ condition: Bool, found: @autoclosure () -> String, expected: @autoclosure () -> String
  ) throws(ShapeError) {
    if !condition { throw shapeError(found: found(), expected: expected()) }
  }

  /// Checks that an axis is normalised and inside the rank.
  package func require(axis: Int, of type: TensorType) throws(ShapeError) {
    try require(
      type.shape.indices.contains(axis), found: "axis \(axis) for \(type)",
      expected: "an axis in 0 ..< \(type.rank)")
  }

  /// Checks that a tensor holds floating-point numbers.
  package func requireFloatingPoint(_ type: TensorType) throws(ShapeError) {
    try require(type.elementType.isFloatingPoint, found: "\(type)", expected: "floating-point elements")
  }

  /// Checks that a tensor holds integers.
  package func requireInteger(_ type: TensorType, _ role: String) throws(ShapeError) {
    try require(type.elementType.isInteger, found: "\(role) \(type)", expected: "integer elements")
  }

  /// Checks that two tensors hold the same kind of elements.
  package func requireSameElements(_ left: TensorType, _ right: TensorType) throws(ShapeError) {
    try require(
      left.elementType == right.elementType, found: "\(left) and \(right)", expected: "one element type")
  }

  /// Checks a tensor's shape.
  package func require(
    _ type: TensorType, hasShape shape: [Int], _ role: String
  ) throws(ShapeError) {
    try require(type.shape == shape, found: "\(role) of shape \(type.shape)", expected: "\(shape)")
  }

  /// The common shape of operands under the broadcasting rules of numpy.
  ///
  /// - Throws: ``ShapeError`` where two extents differ and neither is 1.
  package func broadcast(_ shapes: [[Int]]) throws(ShapeError) -> [Int] {
    guard let shape = broadcastShape(shapes) else {
      throw shapeError(
        found: shapes.map { "\($0)" }.joined(separator: " and "),
        expected: "extents that are equal or 1, aligned from the last axis")
    }
    return shape
  }
}

/// The common shape of tensors under the broadcasting rules of numpy, or nil where there is none.
package func broadcastShape(_ shapes: [[Int]]) -> [Int]? {
  guard var result = shapes.first else { return [] }
  for shape in shapes.dropFirst() {
    if shape.count > result.count {
      result = Array(repeating: 1, count: shape.count - result.count) + result
    }
    let shift = result.count - shape.count
    for (axis, extent) in shape.enumerated() where extent != result[shift + axis] {
      if result[shift + axis] == 1 {
        result[shift + axis] = extent
      } else if extent != 1 {
        return nil
      }
    }
  }
  return result
}

/// The axis counted from 0 for one that may count from the end (−1 is the last); nil outside the rank.
package func normalisedAxis(_ axis: Int, rank: Int) -> Int? {
  guard axis >= -rank, axis < rank else { return nil }
  return axis < 0 ? axis + rank : axis
}

extension Collection<Int> {
  /// The product of extents that are known to be valid (see ``TensorType/validate(_:)``).
  var product: Int { reduce(1, *) }
}
