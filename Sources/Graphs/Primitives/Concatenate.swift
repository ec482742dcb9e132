/// Tensors one after the other along an axis.
package struct Concatenate: Primitive {
  package static let name = "concatenate"
  package var axis: Int

  package init(axis: Int) { self.axis = axis }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(!operands.isEmpty, found: "no operands", expected: "at least 1")
    var result = operands[0]
    try require(axis: axis, of: result)
    for operand in operands.dropFirst() {
      try requireSameElements(result, operand)
      var expected = operand.shape
      if operand.rank == result.rank { expected[axis] = result.shape[axis] }
      try require(
        expected == result.shape, found: "\(operands[0].shape) and \(operand.shape) along axis \(axis)",
        expected: "shapes that differ only there")
      result.shape[axis] += operand.shape[axis]
    }
    return [result]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    guard operands.count > 1 else { return [] }
    return operands.map {
      .movement(MovementNest(elements: $0.count, run: $0.shape[axis...].product))
    }
  }
}
