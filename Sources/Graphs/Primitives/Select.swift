/// Elements of one tensor where a condition holds, of another where it does not.
///
/// Operands: condition (bool), values where true, values where false; all broadcast.
package struct Select: Primitive {
  package static let name = "select"
  package init() {}

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 3)
    try require(
      operands[0].elementType == .bool, found: "condition \(operands[0])", expected: "bool elements")
    try requireSameElements(operands[1], operands[2])
    return [TensorType(try broadcast(operands.map(\.shape)), operands[1].elementType)]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    [.elementwise(ElementwiseNest(.select, operands, result: results[0]))]
  }
}

/// A rectifier with a learned slope for negative numbers.
///
/// Operands: x, slope (broadcasts to x).
package struct PReLU: Primitive {
  package static let name = "prelu"
  package init() {}

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 2)
    try requireSameElements(operands[0], operands[1])
    let shape = try broadcast(operands.map(\.shape))
    try require(
      shape == operands[0].shape, found: "slope \(operands[1].shape) for \(operands[0].shape)",
      expected: "a slope that broadcasts to the input")
    return [operands[0]]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    [.elementwise(ElementwiseNest(.leakyReLU, operands, result: results[0]))]
  }
}

/// A change of the number format.
package struct Cast: Primitive {
  package static let name = "cast"
  package var elementType: ElementType

  package init(to elementType: ElementType) { self.elementType = elementType }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 1)
    return [TensorType(operands[0].shape, elementType)]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    guard operands[0] != results[0] else { return [] }
    return [.elementwise(ElementwiseNest(.cast, elements: results[0].count, operands: 1))]
  }
}
