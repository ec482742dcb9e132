/// Removes operations that do nothing and joins views, by the table of ``RewriteRule``.
package struct Simplification: GraphPass {
  package static let name = "simplification"
  package init() {}

  package func applied(to graph: Graph) throws(ShapeError) -> Graph {
    try graph.rewritten { (node, copy) throws(ShapeError) in
      guard node.operands.count == 1, node.resultTypes.count == 1 else { return nil }
      var primitive = node.primitive
      var operand = node.operands[0]
      var isChanged = false
      // Each rule shortens the chain behind the value, so this ends.
      while let replacement = try replacement(of: primitive, operand, in: copy) {
        switch replacement {
        case .value(let value): return [value]
        case .node(let next, let source): (primitive, operand, isChanged) = (next, source, true)
        }
      }
      return isChanged ? try copy.addNode(primitive, [operand], name: node.name) : nil
    }
  }

  private func replacement(
    of primitive: any Primitive, _ operand: Value, in graph: Graph
  ) throws(ShapeError) -> RewriteRule.Replacement? {
    for rule in RewriteRule.all {
      if let replacement = try rule.apply(primitive, operand, graph) { return replacement }
    }
    return nil
  }
}
