/// Sorts nodes and constants by when the outputs, in order, need them first, and drops those that none needs.
///
/// Two graphs that differ only in the order of independent nodes become equal but for names. Linear time; no recursion.
package struct CanonicalOrder: GraphPass {
  package static let name = "canonical-order"
  package init() {}

  package func applied(to graph: Graph) throws(ShapeError) -> Graph {
    var order: [Int] = []
    order.reserveCapacity(graph.nodes.count)
    var isOrdered = Array(repeating: false, count: graph.nodes.count)
    // Nodes under way with the number of operands already followed.
    var path: [(node: Int, next: Int)] = []
    func follow(_ value: Value) {
      if case .node(let index, _) = value.source, !isOrdered[index] { path.append((index, 0)) }
    }
    for output in graph.outputs {
      follow(output.value)
      while let (node, next) = path.last {
        let operands = graph.nodes[node].operands
        if isOrdered[node] {
          path.removeLast()
        } else if next < operands.count {
          path[path.count - 1].next += 1
          follow(operands[next])
        } else {
          isOrdered[node] = true
          order.append(node)
          path.removeLast()
        }
      }
    }
    return graph.selecting(nodes: order)
  }
}
