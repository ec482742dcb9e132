/// Joins nodes that do the same to the same operands, and constants of the same value.
///
/// Gradient rules compute again what they need of the forward pass, such as moments; this pass makes it one.
package struct CommonSubexpressionElimination: GraphPass {
  package static let name = "common-subexpression-elimination"
  package init() {}

  private struct Key: Hashable {
    var primitive: ObjectIdentifier
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
    // Nodes of one type on the same operands: there are few of them, so their attributes are compared in turn.
    var known: [Key: [(primitive: any Primitive, results: [Value])]] = [:]
    known.reserveCapacity(graph.nodes.count)
    return try graph.rewritten { (node, copy) throws(ShapeError) in
      let operands = joined.isEmpty ? node.operands : node.operands.map { joined[$0] ?? $0 }
      let key = Key(primitive: ObjectIdentifier(type(of: node.primitive)), operands: operands)
      if let equal = known[key]?.first(where: { $0.primitive.isEqual(to: node.primitive) }) {
        return equal.results
      }
      let index = copy.append(node, on: operands)
      let results = node.resultTypes.indices.map { Value(.node(index, result: $0)) }
      known[key, default: []].append((node.primitive, results))
      return results
    }
  }
}

extension Primitive {
  /// Whether the other primitive is of the same type with the same attributes.
  fileprivate func isEqual(to other: any Primitive) -> Bool { (other as? Self) == self }
}
