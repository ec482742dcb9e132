extension TensorType {
  /// The largest number of elements of one tensor: 2⁴⁰, so that no product of extents overflows.
  package static let maximumCount = 1 << 40

  /// Checks that all extents are positive and that the elements can be counted.
  ///
  /// Tensors without elements (an extent of 0) are refused: nothing that the project computes is defined for them.
  /// - Throws: ``ShapeError`` with `place`.
  package func validate(_ place: String) throws(ShapeError) {
    var count = 1
    for extent in shape {
      guard extent > 0 else {
        throw ShapeError(
          place, found: "\(self)", expected: "extents of at least 1; empty tensors are not supported")
      }
      let (product, overflows) = count.multipliedReportingOverflow(by: extent)
      guard !overflows, product <= Self.maximumCount else {
        throw ShapeError(place, found: "\(self)", expected: "at most 2^40 elements")
      }
      count = product
    }
  }
}

extension ElementType {
  /// Whether the elements are integers (truth values are not).
  package var isInteger: Bool { !isFloatingPoint && self != .bool }

  /// The format in which products of two formats are summed; nil where the formats do not multiply.
  ///
  /// Floating-point numbers keep their format; integers of at most 16 bits are summed in 32, as NPUs and ONNX's
  /// integer operators do.
  package static func accumulator(_ left: ElementType, _ right: ElementType) -> ElementType? {
    if left == right, left.isFloatingPoint || (left.isInteger && left.bits >= 32) { return left }
    guard left.isInteger, right.isInteger, left.bits <= 16, right.bits <= 16 else { return nil }
    return .int32
  }
}
