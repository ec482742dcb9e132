import Graphs

/// Operators that shift and scale by statistics.
enum NormalizationOperators {
  static func batch(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    guard try !node.attributes.flag("training_mode") else {
      throw NodeFinding(found: "training_mode 1", expected: "a model exported for inference")
    }
    try node.requireSingleResult("of training")
    node.attributes.ignore("momentum")
    let epsilon = try node.attributes.real("epsilon", default: 1e-5)
    // Scale and shift are trained; mean and variance are statistics.
    var operands = try affine(node, count: 3)
    for index in 3...4 { operands.append(try node.operand(index, countsAsParameter: false)) }
    return [.value(try node.emitAll(BatchNormalization(epsilon: epsilon), operands)[0])]
  }

  static func instance(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let epsilon = try node.attributes.real("epsilon", default: 1e-5)
    return [.value(try node.emitAll(InstanceNormalization(epsilon: epsilon), affine(node, count: 3))[0])]
  }

  static func layer(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    node.attributes.ignore("stash_type")
    let epsilon = try node.attributes.real("epsilon", default: 1e-5)
    let axis = try node.axis(
      try node.attributes.integer("axis", default: -1), rank: try node.operandType(0).rank)
    let operands = try affine(node, count: node.has(2) ? 3 : 2)
    let y = try node.emitAll(LayerNormalization(axis: axis, epsilon: epsilon), operands)[0]
    guard node.resultsInUse.dropFirst().contains(true) else { return [.value(y)] }
    let type = node.typeOf(operands[0])
    let moments = try node.emitAll(
      Moments(axes: Array(axis..<type.rank), keepsDimensions: true), [operands[0]], part: "moments")
    let sum = try node.emit(
      Binary(.add), moments[1], try node.scalar(epsilon, type.elementType), part: "epsilon")
    let deviation = try node.emit(Unary(.squareRoot), sum, part: "deviation")
    return [
      .value(y), .value(moments[0]), .value(try node.emit(Unary(.reciprocal), deviation, part: "inverse")),
    ]
  }

  /// Before operator set 21 scale and shift belong to groups, since then to channels.
  static func group(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    node.attributes.ignore("stash_type")
    let epsilon = try node.attributes.real("epsilon", default: 1e-5)
    guard let groups = try node.attributes.integer("num_groups"), groups >= 1 else {
      throw NodeFinding(found: "no num_groups", expected: "a number of groups")
    }
    var operands = try affine(node, count: 3)
    let channels = try node.operandType(0).shape.dropFirst().first ?? 1
    if node.opset < 21, channels > groups, channels % groups == 0 {
      for index in 1...2 {
        let column = try node.reshape(operands[index], to: [groups, 1], part: "column\(index)")
        let wide = try node.emit(Expand([groups, channels / groups]), column, part: "expand\(index)")
        operands[index] = try node.reshape(wide, to: [channels], part: "channels\(index)")
      }
    }
    return [.value(try node.emitAll(GroupNormalization(groups: groups, epsilon: epsilon), operands)[0])]
  }

  static func localResponse(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    guard let size = try node.attributes.integer("size") else {
      throw NodeFinding(found: "no size", expected: "a number of channels")
    }
    let primitive = LocalResponseNormalization(
      size: size, alpha: try node.attributes.real("alpha", default: 1e-4),
      beta: try node.attributes.real("beta", default: 0.75),
      bias: try node.attributes.real("bias", default: 1))
    return [.value(try node.emit(primitive, try node.operand(0)))]
  }

  /// x divided by its norm along an axis.
  static func norm(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let x = try node.operand(0)
    let axis = try node.axis(
      try node.attributes.integer("axis", default: -1), rank: node.typeOf(x).rank)
    let p = try node.attributes.integer("p", default: 2)
    guard p == 1 || p == 2 else { throw NodeFinding(found: "p \(p)", expected: "1 or 2") }
    let norm = try node.emit(
      Reduce(p == 1 ? .l1Norm : .l2Norm, axes: [axis], keepsDimensions: true), x, part: "norm")
    return [.value(try node.emit(Binary(.divide), x, norm))]
  }

  /// (x − mean) / √(variance + 1e-9) over some axes.
  static func meanVariance(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let x = try node.operand(0)
    let type = node.typeOf(x)
    let axes = try node.axes(try node.attributes.integers("axes") ?? [0, 2, 3], rank: type.rank)
    let mean = try node.emit(Reduce(.mean, axes: axes, keepsDimensions: true), x, part: "mean")
    let centred = try node.emit(Binary(.subtract), x, mean, part: "centred")
    let squares = try node.emit(Binary(.multiply), centred, centred, part: "squares")
    let variance = try node.emit(Reduce(.mean, axes: axes, keepsDimensions: true), squares, part: "variance")
    let safe = try node.emit(Binary(.add), variance, try node.scalar(1e-9, type.elementType), part: "epsilon")
    let deviation = try node.emit(Unary(.squareRoot), safe, part: "deviation")
    return [.value(try node.emit(Binary(.divide), centred, deviation))]
  }

  private static func affine(_ node: NodeLowering, count: Int) throws(NodeFinding) -> [Value] {
    var operands: [Value] = []
    for index in 0..<count { operands.append(try node.operand(index)) }
    return operands
  }
}
