/// Removes nodes and constants that no output needs.
package struct DeadNodeElimination: GraphPass {
  package static let name = "dead-node-elimination"
  package init() {}

  package func applied(to graph: Graph) throws(ShapeError) -> Graph {
    var isNeeded = Array(repeating: false, count: graph.nodes.count)
    func need(_ value: Value) {
      if case .node(let index, _) = value.source { isNeeded[index] = true }
    }
    for output in graph.outputs { need(output.value) }
    for index in graph.nodes.indices.reversed() where isNeeded[index] {
      for operand in graph.nodes[index].operands { need(operand) }
    }
    if isNeeded.allSatisfy({ $0 }), graph.readsAllConstants { return graph }
    return graph.selecting(nodes: graph.nodes.indices.filter { isNeeded[$0] })
  }
}

extension Graph {
  /// Whether every constant is an operand or an output.
  fileprivate var readsAllConstants: Bool {
    var isRead = Array(repeating: false, count: constants.count)
    func read(_ value: Value) {
      if case .constant(let index) = value.source { isRead[index] = true }
    }
    for node in nodes { for operand in node.operands { read(operand) } }
    for output in outputs { read(output.value) }
    return isRead.allSatisfy { $0 }
  }
}
