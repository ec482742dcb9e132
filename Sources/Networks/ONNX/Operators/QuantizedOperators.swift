import Graphs

/// Operators on quantised tensors as dequantisation, the operator on real numbers, and quantisation: the form
/// in which the compiler finds both kinds of int8 models.
enum QuantizedOperators {
  static func convolution(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let x = try dequantized(node, 0, part: "x")
    let w = try dequantized(node, 3, axis: 0, part: "w")
    var product = try ConvolutionOperators.convolution(&node, x, w)
    if node.has(8) {
      let type = node.typeOf(product)
      let shape = [type.shape[1]] + Array(repeating: 1, count: type.rank - 2)
      product = try node.emit(
        Binary(.add), product, try bias(node, 8, shape: shape), part: "bias")
    }
    return [.value(try quantized(node, product, 6))]
  }

  static func matrixProduct(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let a = try dequantized(node, 0, axis: -2, part: "a")
    let b = try dequantized(node, 3, axis: -1, part: "b")
    return [.value(try quantized(node, try node.emit(MatrixProduct(), a, b), 6))]
  }

  static func gemm(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let a = try dequantized(node, 0, part: "a")
    let transposed = try node.attributes.flag("transB")
    let b = try dequantized(node, 3, axis: transposed ? 0 : 1, part: "b")
    guard try node.attributes.real("alpha", default: 1) == 1 else {
      throw NodeFinding(found: "an alpha other than 1", expected: "1")
    }
    var product = try MatrixOperators.product(&node, a, b)
    if node.has(6) {
      let shape = try node.operandType(6).shape
      product = try node.emit(Binary(.add), product, try bias(node, 6, shape: shape), part: "bias")
    }
    return [.value(node.has(7) ? try quantized(node, product, 7) : product)]
  }

  static func binary(_ function: BinaryFunction) -> OperatorTable.Lowering {
    { (node) throws(NodeFinding) in
      let a = try dequantized(node, 0, part: "a")
      let b = try dequantized(node, 3, part: "b")
      return [.value(try quantized(node, try node.emit(Binary(function), a, b), 6))]
    }
  }

  static func sigmoid(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let x = try dequantized(node, 0, part: "x")
    return [.value(try quantized(node, try node.emit(Unary(.sigmoid), x), 3))]
  }

  static func leakyReLU(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let slope = try node.attributes.real("alpha", default: 0.01)
    let x = try dequantized(node, 0, part: "x")
    return [.value(try quantized(node, try node.emit(Unary(.leakyReLU(slope: slope)), x), 3))]
  }

  /// Operands: the result's scale and zero point, then (tensor, scale, zero point) for each part.
  static func concatenate(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    guard let given = try node.attributes.integer("axis") else {
      throw NodeFinding(found: "no axis", expected: "an axis")
    }
    let axis = try node.axis(given, rank: try node.operandType(2).rank)
    var parts: [Value] = []
    for index in stride(from: 2, to: node.operands.count, by: 3) {
      parts.append(try dequantized(node, index, part: "\((index - 2) / 3)"))
    }
    return [.value(try quantized(node, try node.emitAll(Concatenate(axis: axis), parts)[0], 0))]
  }

  static func averagePool(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    try requireChannelsFirst(&node)
    let x = try dequantized(node, 0, part: "x")
    return [.value(try quantized(node, try PoolingOperators.average(&node, x), 3))]
  }

  static func globalAveragePool(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    try requireChannelsFirst(&node)
    let x = try dequantized(node, 0, part: "x")
    return [.value(try quantized(node, try PoolingOperators.global(.mean, node, x), 3))]
  }

  private static func requireChannelsFirst(_ node: inout NodeLowering) throws(NodeFinding) {
    guard try !node.attributes.flag("channels_last") else {
      throw NodeFinding(found: "channels_last 1", expected: "channels before spatial axes")
    }
  }

  /// Operand `index` with its scale and zero point, which follow it; `axis` belongs to scales that are many.
  private static func dequantized(
    _ node: NodeLowering, _ index: Int, axis: Int = 0, part: String
  ) throws(NodeFinding) -> Value {
    let type = try node.operandType(index)
    let isSingle = try node.operandType(index + 1).count == 1
    let primitive = DequantizeLinear(axis: isSingle ? nil : try node.axis(axis, rank: type.rank))
    return try node.emitAll(primitive, [node.operand(index)] + scale(node, index + 1), part: "\(part)-real")[
      0]
  }

  /// The result in the format of the zero point at `index` + 1, with the scale at `index`.
  private static func quantized(_ node: NodeLowering, _ value: Value, _ index: Int) throws(NodeFinding)
    -> Value
  {
    let type = node.has(index + 1) ? try node.operandType(index + 1).elementType : .uint8
    return try node.emitAll(QuantizeLinear(to: type), [value] + scale(node, index), part: "quantized")[0]
  }

  private static func scale(_ node: NodeLowering, _ index: Int) throws(NodeFinding) -> [Value] {
    var values = [try node.operand(index, countsAsParameter: false)]
    if node.has(index + 1) { values.append(try node.operand(index + 1, countsAsParameter: false)) }
    return values
  }

  /// A bias stored as int32 in units of both scales, as the real numbers that it means.
  private static func bias(_ node: NodeLowering, _ index: Int, shape: [Int]) throws(NodeFinding) -> Value {
    guard let tensor = node.known(index), tensor.type.count == shape.reduce(1, *) else {
      throw NodeFinding(
        found: "bias \(try node.operandType(index))", expected: "a constant of shape \(shape)")
    }
    let type = TensorType(shape, .float32)
    // Scales of the operands, in the places that all operators of this kind give them.
    if let numbers = try node.literal(index)?.integers, let x = try node.literal(1)?.reals, x.count == 1,
      let weights = try node.literal(4)?.reals, weights.count == 1 || weights.count == numbers.count
    {
      let reals = numbers.enumerated().map { channel, number in
        Double(number) * (x[0] * weights[weights.count == 1 ? 0 : channel])
      }
      let literal = Literal(reals, shape: shape, .float32)
      return try node.session.constant(
        node.session.known(literal, name: tensor.name, sources: tensor.sources), countsAsParameter: true)
    }
    let real = node.session.known(type, name: tensor.name, sources: tensor.sources)
    return try node.session.constant(real, countsAsParameter: true)
  }
}
