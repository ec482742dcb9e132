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
    return graph.selecting(nodes: graph.nodes.indices.filter { isNeeded[$0] })
  }
}
