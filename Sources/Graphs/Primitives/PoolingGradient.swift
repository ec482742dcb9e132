/// The adjoint of average pooling: each mean spread over the elements that it was made of.
///
/// Operand: g with the result's extents; result: the pooling's operand, of the given shape.
package struct AveragePoolingGradient: Primitive {
  package static let name = "average-pooling-gradient"
  package var pooling: Pooling
  /// The shape of the pooling's operand.
  package var shape: [Int]

  package init(of pooling: Pooling, shape: [Int]) {
    self.pooling = pooling
    self.shape = shape
  }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 1)
    try require(pooling.kind != .maximum, found: "maximum pooling", expected: "average pooling")
    return [try pooledOperand(of: pooling, TensorType(shape, operands[0].elementType), result: operands[0])]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    [.map(.multiplyAdd, operands[0].count * pooling.window.product, 2)]
  }
}

/// The adjoint of ``MaximumPoolingSelection``: elements of g added at the places of the maxima of x.
///
/// Operands: x, g with the pooling's result shape. Result: x's type. The first of equal maxima counts.
package struct MaximumPoolingGradient: Primitive {
  package static let name = "maximum-pooling-gradient"
  package var pooling: Pooling

  package init(of pooling: Pooling) { self.pooling = pooling }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 2)
    try requireSameElements(operands[0], operands[1])
    try require(pooling.kind == .maximum, found: "average pooling", expected: "maximum pooling")
    return [try pooledOperand(of: pooling, operands[0], result: operands[1])]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    let n = operands[1].count
    return [
      .reduce(.compare, n * pooling.window.product, n),
      .gather(GatherNest(indices: n, run: 1, scatters: true)),
    ]
  }
}

/// Elements of v at the places where maximum pooling finds the maxima of x.
///
/// Operands: x, v of x's type. Result: the pooling's result. The first of equal maxima counts.
package struct MaximumPoolingSelection: Primitive {
  package static let name = "maximum-pooling-selection"
  package var pooling: Pooling

  package init(of pooling: Pooling) { self.pooling = pooling }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 2)
    try require(operands[0] == operands[1], found: "\(operands[0]) and \(operands[1])", expected: "one type")
    try require(pooling.kind == .maximum, found: "average pooling", expected: "maximum pooling")
    return try pooling.results(for: [operands[0]])
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    let n = results[0].count
    return [.reduce(.compare, n * pooling.window.product, n), .gather(GatherNest(indices: n, run: 1))]
  }
}

extension Primitive {
  /// The type of a pooling's operand, checked against the type of its result.
  func pooledOperand(
    of pooling: Pooling, _ operand: TensorType, result: TensorType
  ) throws(ShapeError) -> TensorType {
    try operand.validate(name)
    let expected = try pooling.results(for: [operand])
    try require(
      expected == [result], found: "a gradient \(result)", expected: "\(expected[0]), the pooling's result")
    return operand
  }
}
