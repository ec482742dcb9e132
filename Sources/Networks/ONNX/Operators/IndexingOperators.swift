import Graphs

/// Operators that read or write at given indices.
enum IndexingOperators {
  /// A single index that is known is a slice.
  static func gather(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let type = try node.operandType(0)
    let axis = try node.axis(try node.attributes.integer("axis", default: 0), rank: type.rank)
    if node.known(0) == nil, let literal = try node.literal(1), literal.count == 1,
      let index = literal.integers?[0]
    {
      let extent = type.shape[axis]
      guard index >= -extent, index < extent else {
        throw NodeFinding(found: "index \(index) on an axis of \(extent)", expected: "an index inside it")
      }
      var starts = type.shape.map { _ in 0 }
      var ends = type.shape
      starts[axis] = index < 0 ? index + extent : index
      ends[axis] = starts[axis] + 1
      let slice = try node.emit(Slice(starts: starts, ends: ends), try node.operand(0))
      let shape = Array(type.shape[..<axis]) + literal.shape + Array(type.shape[(axis + 1)...])
      return [.value(try node.reshape(slice, to: shape, part: "shape"))]
    }
    return [.value(try node.emit(Gather(axis: axis), try node.operand(0), try indices(node)))]
  }

  static func gatherElements(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let axis = try node.axis(
      try node.attributes.integer("axis", default: 0), rank: try node.operandType(0).rank)
    return [.value(try node.emit(GatherElements(axis: axis), try node.operand(0), try indices(node)))]
  }

  static func gatherND(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let batch = try node.attributes.integer("batch_dims", default: 0)
    return [
      .value(try node.emit(GatherND(batchDimensions: batch), try node.operand(0), try indices(node)))
    ]
  }

  static func scatterElements(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let axis = try node.axis(
      try node.attributes.integer("axis", default: 0), rank: try node.operandType(0).rank)
    let primitive = ScatterElements(axis: axis, reduction: try reduction(&node))
    return [.value(try node.emitAll(primitive, [node.operand(0), indices(node), node.operand(2)])[0])]
  }

  static func scatterND(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let primitive = ScatterND(reduction: try reduction(&node))
    return [.value(try node.emitAll(primitive, [node.operand(0), indices(node), node.operand(2)])[0])]
  }

  static func oneHot(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let depth = try node.requiredScalar(1, "values of the depth")
    guard let depth = Int(exactly: depth) else {
      throw NodeFinding(found: "depth \(depth)", expected: "a whole number")
    }
    var indices = try indices(node, 0)
    if node.typeOf(indices).elementType.isFloatingPoint {
      indices = try node.emit(Cast(to: .int64), indices, part: "indices")
    }
    let axis = try node.axis(
      try node.attributes.integer("axis", default: -1), rank: node.typeOf(indices).rank + 1)
    return [
      .value(
        try node.emitAll(
          OneHot(depth: depth, axis: axis), [indices, node.operand(2, countsAsParameter: false)])[0])
    ]
  }

  static func trilu(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let upper = try node.attributes.flag("upper", default: true)
    let k = node.has(1) ? try node.requiredScalar(1, "values of k") : 0
    guard let k = Int(exactly: k) else { throw NodeFinding(found: "k \(k)", expected: "a whole number") }
    return [.value(try node.emit(Trilu(upper: upper, k: k), try node.operand(0)))]
  }

  private static func indices(_ node: NodeLowering, _ index: Int = 1) throws(NodeFinding) -> Value {
    try node.operand(index, countsAsParameter: false)
  }

  private static func reduction(_ node: inout NodeLowering) throws(NodeFinding) -> ScatterReduction {
    switch try node.attributes.text("reduction", default: "none", of: ["none", "add", "mul", "min", "max"]) {
    case "add": .add
    case "mul": .multiply
    case "min": .minimum
    case "max": .maximum
    default: .replace
    }
  }
}
