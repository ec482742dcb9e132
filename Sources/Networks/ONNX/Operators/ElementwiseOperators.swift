import Graphs

/// Operators that compute each element of the result on its own.
enum ElementwiseOperators {
  static func unary(_ function: UnaryFunction) -> OperatorTable.Lowering {
    { (node) throws(NodeFinding) in [.value(try node.emit(Unary(function), try node.operand(0)))] }
  }

  static func binary(_ function: BinaryFunction) -> OperatorTable.Lowering {
    { (node) throws(NodeFinding) in
      [.value(try node.emit(Binary(function), try operand(node, 0), try operand(node, 1)))]
    }
  }

  /// An operand of arithmetic; a single number there is written by the exporter, not trained.
  private static func operand(_ node: NodeLowering, _ index: Int) throws(NodeFinding) -> Value {
    try node.operand(index, countsAsParameter: try node.operandType(index).count > 1)
  }

  /// A function of two for any number of operands, one after the other.
  static func chain(_ function: BinaryFunction) -> OperatorTable.Lowering {
    { (node) throws(NodeFinding) in [.value(try chained(function, node))] }
  }

  private static func chained(_ function: BinaryFunction, _ node: NodeLowering) throws(NodeFinding) -> Value {
    var result = try node.operand(0)
    for index in node.operands.indices.dropFirst() {
      result = try node.emit(
        Binary(function), result, try node.operand(index), part: index == 1 ? nil : "\(index)")
    }
    return result
  }

  static func mean(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let sum = try chained(.add, node)
    let factor = try node.scalar(1 / Double(node.operands.count), node.typeOf(sum).elementType)
    return [.value(try node.emit(Binary(.multiply), sum, factor, part: "scale"))]
  }

  /// Small whole exponents and one half are products and roots, as every runtime computes them.
  static func power(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let base = try node.operand(0)
    let type = node.typeOf(base)
    if node.known(0) == nil, let exponent = try node.literal(1), exponent.count == 1,
      exponent.shape.count <= type.rank
    {
      switch exponent.reals[0] {
      case 1: return [.value(base)]
      case 2: return [.value(try node.emit(Binary(.multiply), base, base))]
      case 3:
        let square = try node.emit(Binary(.multiply), base, base, part: "square")
        return [.value(try node.emit(Binary(.multiply), square, base))]
      case 0.5 where type.elementType.isFloatingPoint:
        return [.value(try node.emit(Unary(.squareRoot), base))]
      default: break
      }
    }
    return [.value(try node.emit(Binary(.power), base, try node.operand(1)))]
  }

  static func remainder(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let function: BinaryFunction = try node.attributes.flag("fmod") ? .truncatedRemainder : .remainder
    return [.value(try node.emit(Binary(function), try node.operand(0), try node.operand(1)))]
  }

  static func isInfinite(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let x = try node.operand(0)
    let negative = try node.attributes.flag("detect_negative", default: true)
    let positive = try node.attributes.flag("detect_positive", default: true)
    if negative && positive { return [.value(try node.emit(Unary(.isInfinite), x))] }
    guard negative || positive else {
      throw NodeFinding(found: "detect_negative 0 and detect_positive 0", expected: "1 for one of them")
    }
    let infinity = try node.scalar(positive ? .infinity : -.infinity, node.typeOf(x).elementType)
    return [.value(try node.emit(Binary(.equal), x, infinity))]
  }

  static func select(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    [.value(try node.emitAll(Select(), [operand(node, 0), operand(node, 1), operand(node, 2)])[0])]
  }

  static func cast(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    node.attributes.ignore("saturate")
    guard let number = try node.attributes.integer("to") else {
      throw NodeFinding(found: "no attribute 'to'", expected: "an element type")
    }
    return try cast(node, to: try ElementType(onnx: number))
  }

  static func castLike(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    node.attributes.ignore("saturate")
    return try cast(node, to: try node.operandType(1).elementType)
  }

  private static func cast(_ node: NodeLowering, to type: ElementType) throws(NodeFinding) -> [Binding] {
    if try node.operandType(0).elementType == type { return [node.operands[0]] }
    return [.value(try node.emit(Cast(to: type), try node.operand(0)))]
  }
}
