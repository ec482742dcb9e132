/// Real numbers rounded to integers: round(x / scale) + zero point, cut to the range of the type.
///
/// Operands: x, scale, then optionally zero point; both scalars, or `[extent of axis]`.
package struct QuantizeLinear: Primitive {
  package static let name = "quantize-linear"
  /// The axis that scale and zero point belong to; nil where one of each holds for the whole tensor.
  package var axis: Int?
  package var elementType: ElementType

  package init(axis: Int? = nil, to elementType: ElementType) {
    self.axis = axis
    self.elementType = elementType
  }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try requireScales(operands, axis: axis)
    try require(
      operands[0].elementType.isFloatingPoint || operands[0].elementType == .int32, found: "\(operands[0])",
      expected: "floating-point or int32 elements")
    try require(elementType.isInteger, found: "\(elementType.rawValue)", expected: "an integer type")
    if operands.count == 3 {
      try require(
        operands[2].elementType == elementType, found: "zero point \(operands[2])",
        expected: "\(elementType.rawValue) elements")
    }
    return [TensorType(operands[0].shape, elementType)]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    [.map(.quantize, results[0].count)]
  }
}

/// Integers turned back into real numbers: (x − zero point) · scale.
///
/// Operands: x, scale, then optionally zero point; both scalars, or `[extent of axis]`. The result has the scale's type.
package struct DequantizeLinear: Primitive {
  package static let name = "dequantize-linear"
  /// The axis that scale and zero point belong to; nil where one of each holds for the whole tensor.
  package var axis: Int?

  package init(axis: Int? = nil) { self.axis = axis }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try requireScales(operands, axis: axis)
    try requireInteger(operands[0], "operand")
    if operands.count == 3 { try requireSameElements(operands[0], operands[2]) }
    return [TensorType(operands[0].shape, operands[1].elementType)]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    [.map(.dequantize, results[0].count)]
  }
}

extension Primitive {
  /// Checks that scale and zero point match the tensor, or its axis.
  func requireScales(_ operands: [TensorType], axis: Int?) throws(ShapeError) {
    try require(operands, count: 2...3)
    try requireFloatingPoint(operands[1])
    if let axis { try require(axis: axis, of: operands[0]) }
    for operand in operands.dropFirst() {
      if let axis {
        try require(operand, hasShape: [operands[0].shape[axis]], "scale or zero point")
      } else {
        try require(operand.count == 1, found: "scale or zero point \(operand)", expected: "one element")
      }
    }
  }
}
