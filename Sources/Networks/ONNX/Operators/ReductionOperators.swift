import Graphs

/// Operators that combine elements along axes.
enum ReductionOperators {
  /// Axes are an attribute in early operator sets and an operand in later ones; none means all.
  static func reduce(_ function: Reduce.Function) -> OperatorTable.Lowering {
    { (node) throws(NodeFinding) in
      let x = try node.operand(0)
      let rank = node.typeOf(x).rank
      let keepsDimensions = try node.attributes.flag("keepdims", default: true)
      let doesNothing = try node.attributes.flag("noop_with_empty_axes")
      let given = try node.integers(attribute: "axes", orOperand: 1) ?? []
      if given.isEmpty && doesNothing { return [.value(x)] }
      let axes = given.isEmpty ? Array(0..<rank) : try node.axes(given, rank: rank)
      guard !axes.isEmpty else { return [.value(x)] }
      return [.value(try node.emit(Reduce(function, axes: axes, keepsDimensions: keepsDimensions), x))]
    }
  }

  static func argument(maximum: Bool) -> OperatorTable.Lowering {
    { (node) throws(NodeFinding) in
      let x = try node.operand(0)
      let axis = try node.axis(
        try node.attributes.integer("axis", default: 0), rank: node.typeOf(x).rank)
      let keepsDimension = try node.attributes.flag("keepdims", default: true)
      let primitive = ArgumentExtremum(
        maximum: maximum, axis: axis, keepsDimension: keepsDimension,
        takesLast: try node.attributes.flag("select_last_index"))
      return [.value(try node.emit(primitive, x))]
    }
  }

  static func topK(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    node.attributes.ignore("sorted")
    let x = try node.operand(0)
    let axis = try node.axis(try node.attributes.integer("axis", default: -1), rank: node.typeOf(x).rank)
    let largest = try node.attributes.flag("largest", default: true)
    // An attribute in early operator sets, an operand since 10.
    var k = try node.attributes.integer("k")
    if k == nil {
      let given = try node.requiredScalar(1, "values of k")
      guard let whole = Int(exactly: given) else {
        throw NodeFinding(found: "k \(given)", expected: "a whole number")
      }
      k = whole
    }
    return try node.emitAll(TopK(k: k ?? 1, axis: axis, largest: largest), [x]).map { .value($0) }
  }

  static func cumulativeSum(_ node: inout NodeLowering) throws(NodeFinding) -> [Binding] {
    let x = try node.operand(0)
    let given = try node.requiredScalar(1, "values of the axis")
    let axis = try node.axis(Int(exactly: given) ?? .max, rank: node.typeOf(x).rank)
    let primitive = CumulativeSum(
      axis: axis, isExclusive: try node.attributes.flag("exclusive"),
      isReversed: try node.attributes.flag("reverse"))
    return [.value(try node.emit(primitive, x))]
  }
}
