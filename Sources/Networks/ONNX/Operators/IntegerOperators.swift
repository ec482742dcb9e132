import Graphs

/// ConvInteger and MatMulInteger: sums of products of integers, less their zero points.
enum IntegerOperators {
  static func matrixProduct(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let a = try shifted(node, operand: 0, point: 2, part: "a")
    let b = try shifted(node, operand: 1, point: 3, part: "b")
    return [.value(try node.emit(MatrixProduct(), a, b))]
  }

  static func convolution(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let x = try shifted(node, operand: 0, point: 2, part: "x")
    let w = try shifted(node, operand: 1, point: 3, part: "w")
    return [.value(try ConvolutionOperators.convolution(&node, x, w))]
  }

  /// An operand less its zero point, which takes 16 bits; as it is where the zero point is 0 or left out.
  private static func shifted(
    _ node: NodeLowering, operand index: Int, point: Int, part: String
  ) throws(NodeFinding) -> Value {
    let value = try node.operand(index)
    guard node.has(point) else { return value }
    if let literal = try node.literal(point), literal.reals.allSatisfy({ $0 == 0 }) { return value }
    let wide = try node.emit(Cast(to: .int16), value, part: "\(part)-wide")
    var offset = try node.emit(
      Cast(to: .int16), try node.operand(point, countsAsParameter: false), part: "\(part)-point")
    let (type, offsets) = (node.typeOf(value), node.typeOf(offset))
    // One zero point for each row of a left matrix, column of a right one, or output channel of weights.
    if offsets.count > 1, offsets.rank == 1 {
      let axis = part == "b" ? type.rank - 1 : part == "a" ? type.rank - 2 : 0
      guard type.shape.indices.contains(axis) else {
        throw NodeFinding(found: "zero points \(offsets) for \(type)", expected: "one zero point")
      }
      var shape = type.shape.map { _ in 1 }
      shape[axis] = offsets.count
      offset = try node.reshape(offset, to: shape, part: "\(part)-points")
    }
    return try node.emit(Binary(.subtract), wide, offset, part: "\(part)-shift")
  }
}
