import Graphs

/// Pooling under a window and over whole images.
enum PoolingOperators {
  static func maximum(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    try node.requireSingleResult("Indices")
    node.attributes.ignore("storage_order")
    return [.value(try pooled(&node, try node.operand(0), .maximum))]
  }

  static func average(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    [.value(try average(&node, try node.operand(0)))]
  }

  static func average(_ node: inout NodeLowering, _ value: Value) throws(NodeFinding) -> Value {
    let countsPadding = try node.attributes.flag("count_include_pad")
    return try pooled(&node, value, .average(countsPadding: countsPadding))
  }

  private static func pooled(
    _ node: inout NodeLowering, _ value: Value, _ kind: Pooling.Kind
  ) throws(NodeFinding) -> Value {
    let input = node.typeOf(value)
    var spatial = try SpatialAttributes(&node, input: input, kernel: nil)
    spatial.padToSame(Array(input.shape.dropFirst(2)))
    return try node.emit(
      Pooling(
        kind, window: spatial.kernel, strides: spatial.strides, padding: spatial.padding,
        dilations: spatial.dilations, ceilMode: try node.attributes.flag("ceil_mode")), value)
  }

  static func global(_ function: Reduce.Function) -> OperatorTable.Lowering {
    { (node) throws(NodeFinding) in [.value(try global(function, node, try node.operand(0)))] }
  }

  static func global(_ function: Reduce.Function, _ node: NodeLowering, _ value: Value) throws(NodeFinding)
    -> Value
  {
    let rank = node.typeOf(value).rank
    guard rank >= 3 else {
      throw NodeFinding(found: "\(node.typeOf(value))", expected: "[batch, channels, spatial…]")
    }
    return try node.emit(Reduce(function, axes: Array(2..<rank), keepsDimensions: true), value)
  }
}
