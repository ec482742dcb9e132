import Graphs

/// Activations with attributes.
enum ActivationOperators {
  /// Bounds that are known become one clamp; others are a maximum and a minimum.
  static func clip(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    var value = try node.operand(0)
    // Attributes in early operator sets, operands since 11.
    let low = node.has(1) ? try node.literal(1)?.reals.first : try node.attributes.real("min")
    let high = node.has(2) ? try node.literal(2)?.reals.first : try node.attributes.real("max")
    if (low != nil || !node.has(1)) && (high != nil || !node.has(2)) {
      guard low != nil || high != nil else { return [node.operands[0]] }
      let function: UnaryFunction = low == 0 && high == nil ? .relu : .clamp(minimum: low, maximum: high)
      return [.value(try node.emit(Unary(function), value))]
    }
    if node.has(1) {
      value = try node.emit(Binary(.maximum), value, try node.operand(1), part: node.has(2) ? "minimum" : nil)
    }
    if node.has(2) { value = try node.emit(Binary(.minimum), value, try node.operand(2)) }
    return [.value(value)]
  }

  static func leakyReLU(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    try emit(.leakyReLU(slope: node.attributes.real("alpha", default: 0.01)), node)
  }

  static func prelu(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    [.value(try node.emit(PReLU(), try node.operand(0), try node.operand(1)))]
  }

  static func elu(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    try emit(.elu(alpha: node.attributes.real("alpha", default: 1)), node)
  }

  static func celu(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    try emit(.celu(alpha: node.attributes.real("alpha", default: 1)), node)
  }

  /// Only the constants of the paper make a SELU.
  ///
  /// Source: Klambauer et al. 2017, arXiv:1706.02515.
  static func selu(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let (alpha, gamma) = (1.6732632, 1.0507010)
    let foundAlpha = try node.attributes.real("alpha", default: alpha)
    let foundGamma = try node.attributes.real("gamma", default: gamma)
    guard abs(foundAlpha - alpha) < 1e-5, abs(foundGamma - gamma) < 1e-5 else {
      throw NodeFinding(found: "alpha \(foundAlpha), gamma \(foundGamma)", expected: "\(alpha) and \(gamma)")
    }
    return try emit(.selu, node)
  }

  static func thresholdedReLU(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    try emit(.thresholdedReLU(alpha: node.attributes.real("alpha", default: 1)), node)
  }

  static func hardSigmoid(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let alpha = try node.attributes.real("alpha", default: 0.2)
    let beta = try node.attributes.real("beta", default: 0.5)
    return try emit(.hardSigmoid(alpha: alpha, beta: beta), node)
  }

  static func gelu(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let approximation = try node.attributes.text("approximate", default: "none", of: ["none", "tanh"])
    return try emit(.gelu(approximatesWithTanh: approximation == "tanh"), node)
  }

  /// x + bias below −lambda, x − bias above lambda, 0 between.
  static func shrink(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let x = try node.operand(0)
    let type = node.typeOf(x).elementType
    let bias = try node.attributes.real("bias", default: 0)
    let lambda = try node.attributes.real("lambd", default: 0.5)
    let isLow = try node.emit(Binary(.less), x, try node.scalar(-lambda, type), part: "low")
    let isHigh = try node.emit(Binary(.greater), x, try node.scalar(lambda, type), part: "high")
    let raised = try node.emit(Binary(.add), x, try node.scalar(bias, type), part: "raised")
    let lowered = try node.emit(Binary(.subtract), x, try node.scalar(bias, type), part: "lowered")
    let upper = try node.emit(Select(), isHigh, lowered, try node.scalar(0, type), part: "upper")
    return [.value(try node.emit(Select(), isLow, raised, upper))]
  }

  private static func emit(_ function: UnaryFunction, _ node: NodeLowering) throws(NodeFinding) -> [Binding] {
    [.value(try node.emit(Unary(function), try node.operand(0)))]
  }
}

/// Softmax and LogSoftmax, whose meaning changed with operator set 13.
enum SoftmaxOperators {
  /// Since 13: along one axis, the last by default.
  static func alongAxis(logarithmic: Bool) -> OperatorTable.Lowering {
    { (node) throws(NodeFinding) in
      let value = try node.operand(0)
      let axis = try node.axis(
        try node.attributes.integer("axis", default: -1), rank: node.typeOf(value).rank)
      return [.value(try emit(value, axis: axis, logarithmic, node))]
    }
  }

  /// 1 at the first largest element of each row, 0 elsewhere.
  static func hard(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let value = try node.operand(0)
    let type = node.typeOf(value)
    let axis = try node.axis(try node.attributes.integer("axis", default: -1), rank: type.rank)
    let place = try node.emit(
      ArgumentExtremum(maximum: true, axis: axis, keepsDimension: false), value, part: "place")
    let numbers = try node.session.constant(
      node.session.known(Literal([0.0, 1], shape: [2], type.elementType), name: "\(node.name)/values"),
      countsAsParameter: false)
    return [.value(try node.emit(OneHot(depth: type.shape[axis], axis: axis), place, numbers))]
  }

  /// Before 13: over all axes from one on, the second by default.
  static func flattened(logarithmic: Bool) -> OperatorTable.Lowering {
    { (node) throws(NodeFinding) in
      let value = try node.operand(0)
      let shape = node.typeOf(value).shape
      let axis = try node.axis(try node.attributes.integer("axis", default: 1), rank: shape.count)
      if shape[(axis + 1)...].allSatisfy({ $0 == 1 }) {
        return [.value(try emit(value, axis: axis, logarithmic, node))]
      }
      let rows = shape[..<axis].reduce(1, *)
      let matrix = try node.reshape(value, to: [rows, shape[axis...].reduce(1, *)], part: "flatten")
      let result = try emit(matrix, axis: 1, logarithmic, node)
      return [.value(try node.reshape(result, to: shape, part: "shape"))]
    }
  }

  private static func emit(
    _ value: Value, axis: Int, _ logarithmic: Bool, _ node: NodeLowering
  ) throws(NodeFinding) -> Value {
    logarithmic
      ? try node.emit(LogSoftmax(axis: axis), value) : try node.emit(Softmax(axis: axis), value)
  }
}
