import Graphs

/// Functions of angles and hyperbolas, as formulas of those that the graph has.
enum TrigonometricOperators {
  static func tangent(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let x = try node.operand(0)
    let sine = try node.emit(Unary(.sine), x, part: "sine")
    let cosine = try node.emit(Unary(.cosine), x, part: "cosine")
    return [.value(try node.emit(Binary(.divide), sine, cosine))]
  }

  /// (eˣ ± e⁻ˣ) / 2.
  static func hyperbolic(cosine: Bool) -> OperatorTable.Lowering {
    { (node) throws(NodeFinding) in
      let x = try node.operand(0)
      let rising = try node.emit(Unary(.exponential), x, part: "rising")
      let falling = try node.emit(Unary(.reciprocal), rising, part: "falling")
      let both = try node.emit(Binary(cosine ? .add : .subtract), rising, falling, part: "both")
      let half = try node.scalar(0.5, node.typeOf(x).elementType)
      return [.value(try node.emit(Binary(.multiply), both, half))]
    }
  }

  /// log(x + √(x² ± 1)).
  static func inverseHyperbolic(cosine: Bool) -> OperatorTable.Lowering {
    { (node) throws(NodeFinding) in
      let x = try node.operand(0)
      let one = try node.scalar(1, node.typeOf(x).elementType)
      let square = try node.emit(Binary(.multiply), x, x, part: "square")
      let shifted = try node.emit(Binary(cosine ? .subtract : .add), square, one, part: "shifted")
      let root = try node.emit(Unary(.squareRoot), shifted, part: "root")
      let sum = try node.emit(Binary(.add), x, root, part: "sum")
      return [.value(try node.emit(Unary(.logarithm), sum))]
    }
  }

  /// log((1 + x) / (1 − x)) / 2.
  static func inverseTangent(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let x = try node.operand(0)
    let type = node.typeOf(x).elementType
    let one = try node.scalar(1, type)
    let above = try node.emit(Binary(.add), one, x, part: "above")
    let below = try node.emit(Binary(.subtract), one, x, part: "below")
    let ratio = try node.emit(Binary(.divide), above, below, part: "ratio")
    let logarithm = try node.emit(Unary(.logarithm), ratio, part: "logarithm")
    return [.value(try node.emit(Binary(.multiply), logarithm, try node.scalar(0.5, type)))]
  }
}
