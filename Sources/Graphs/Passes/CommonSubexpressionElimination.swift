/// Joins nodes that do the same to the same operands, and constants of the same value.
///
/// Gradient rules compute again what they need of the forward pass, such as moments; this pass makes it one.
package struct CommonSubexpressionElimination: GraphPass {
  package static let name = "common-subexpression-elimination"
  package init() {}

  private struct Key: Hashable {
    var primitive: AnyHashable
    var operands: [Value]
  }

  package func applied(to graph: Graph) throws(ShapeError) -> Graph {
    var numbers: [Graph.Constant: Value] = [:]
    var joined: [Value: Value] = [:]
    for (index, constant) in graph.constants.enumerated()
    where constant.bytes != nil && !constant.isParameter && constant.type.count <= 16 {
      var key = constant
      key.name = ""
      if let first = numbers[key] {
        joined[Value(.constant(index))] = first
      } else {
        numbers[key] = Value(.constant(index))
      }
    }
    var known: [Key: [Value]] = [:]
    return try graph.rewritten { (node, copy) throws(ShapeError) in
      let operands = node.operands.map { joined[$0] ?? $0 }
      let key = Key(primitive: AnyHashable(node.primitive), operands: operands)
      if let results = known[key] { return results }
      let results = try copy.addNode(node.primitive, operands, name: node.name)
      known[key] = results
      return results
    }
  }
}
