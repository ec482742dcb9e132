import Graphs

/// Conversions between real numbers and quantised ones.
enum QuantizationOperators {
  /// Weights of at most 16 bits stay as they are stored; a bias of 32 bits is a constant like any other.
  static func foldsDequantization(_ node: NodeLowering) -> Bool {
    guard let type = node.known(0)?.type.elementType else { return false }
    return type == .int32
  }

  static func quantize(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    node.attributes.ignore("saturate")
    let x = try node.operand(0)
    var type = ElementType.uint8
    if let number = try node.attributes.integer("output_dtype"), number != 0 {
      type = try ElementType(onnx: number)
    }
    if node.has(2) { type = try node.operandType(2).elementType }
    let axis = try axis(&node)
    return [.value(try node.emitAll(QuantizeLinear(axis: axis, to: type), [x] + scales(node, axis))[0])]
  }

  static func dequantize(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let axis = try axis(&node)
    return [
      .value(
        try node.emitAll(DequantizeLinear(axis: axis), [node.operand(0)] + scales(node, axis))[0])
    ]
  }

  /// The axis of scales that are more than one.
  private static func axis(_ node: inout NodeLowering) throws(NodeFinding) -> Int? {
    let given = try node.attributes.integer("axis", default: 1)
    guard try node.attributes.integer("block_size", default: 0) == 0 else {
      throw NodeFinding(
        found: "a block_size", expected: "one scale for a tensor or for each slice of an axis")
    }
    let scale = try node.operandType(1)
    if scale.count == 1 { return nil }
    return try node.axis(given, rank: try node.operandType(0).rank)
  }

  private static func scales(_ node: NodeLowering, _ axis: Int?) throws(NodeFinding) -> [Value] {
    var values = [try node.operand(1, countsAsParameter: false)]
    if node.has(2) { values.append(try node.operand(2, countsAsParameter: false)) }
    return values
  }

  /// The scale and zero point of uint8 from the least and greatest element, 0 included.
  static func dynamicQuantize(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let x = try node.operand(0)
    let type = node.typeOf(x)
    let axes = Array(0..<type.rank)
    let zero = try node.scalar(0, type.elementType)
    let least = try node.emit(
      Binary(.minimum), try node.emit(Reduce(.minimum, axes: axes, keepsDimensions: false), x, part: "least"),
      zero,
      part: "low")
    let greatest = try node.emit(
      Binary(.maximum),
      try node.emit(Reduce(.maximum, axes: axes, keepsDimensions: false), x, part: "greatest"),
      zero, part: "high")
    let range = try node.emit(Binary(.subtract), greatest, least, part: "range")
    let scale = try node.emit(
      Binary(.divide), range, try node.scalar(255, type.elementType), part: "scale")
    let offset = try node.emit(Binary(.divide), least, scale, part: "offset")
    let point = try node.emit(
      Unary(.round), try node.emit(Unary(.negate), offset, part: "negative"), part: "point")
    let clamped = try node.emit(Unary(.clamp(minimum: 0, maximum: 255)), point, part: "clamp")
    let zeroPoint = try node.emit(Cast(to: .uint8), clamped, part: "zero-point")
    let y = try node.emit(QuantizeLinear(to: .uint8), x, scale, zeroPoint)
    return [.value(y), .value(scale), .value(zeroPoint)]
  }
}
