/// The nodes that the results need, operands before users.
///
/// ONNX files list nodes in such an order already, and then it is kept; nodes that nothing needs are left out.
struct NodeOrder {
  /// What is wrong with the links of a graph.
  struct Fault: Error, Hashable {
    var found: String
    var expected: String
  }

  /// Indices into `nodes` in the order to import them.
  ///
  /// Complexity: O(nodes + links), without recursion.
  static func order(_ nodes: [Onnx_NodeProto], results: [String]) throws(Fault) -> [Int] {
    var producers: [String: Int] = [:]
    for (index, node) in nodes.enumerated() {
      for output in node.output where !output.isEmpty {
        if let other = producers.updateValue(index, forKey: output) {
          throw Fault(
            found: "'\(output)' computed by nodes \(other) and \(index)", expected: "one node for each name")
        }
      }
    }
    let operands = nodes.map { node in names(readBy: node).compactMap { producers[$0] } }
    var isNeeded = [Bool](repeating: false, count: nodes.count)
    var stack = results.compactMap { producers[$0] }
    while let index = stack.popLast() {
      if isNeeded[index] { continue }
      isNeeded[index] = true
      stack += operands[index]
    }
    return try sorted(nodes, operands: operands, isNeeded: isNeeded)
  }

  /// Depth first from each node in the file's order.
  private static func sorted(
    _ nodes: [Onnx_NodeProto], operands: [[Int]], isNeeded: [Bool]
  ) throws(Fault) -> [Int] {
    enum Mark { case new, open, done }
    var marks = [Mark](repeating: .new, count: nodes.count)
    var order: [Int] = []
    var path: [(node: Int, next: Int)] = []
    for root in nodes.indices where isNeeded[root] && marks[root] == .new {
      path.append((root, 0))
      marks[root] = .open
      while let (node, next) = path.last {
        guard next < operands[node].count else {
          marks[node] = .done
          order.append(node)
          path.removeLast()
          continue
        }
        path[path.count - 1].next += 1
        let operand = operands[node][next]
        switch marks[operand] {
        case .done: break
        case .new:
          marks[operand] = .open
          path.append((operand, 0))
        case .open:
          throw Fault(
            found: "a cycle through node '\(nodes[operand].name)' (\(nodes[operand].opType))",
            expected: "nodes without cycles")
        }
      }
    }
    return order
  }

  /// The names that a node reads, with those that its subgraphs read from outside.
  static func names(readBy node: Onnx_NodeProto) -> [String] {
    var names = node.input.filter { !$0.isEmpty }
    for attribute in node.attribute where attribute.hasG {
      for inner in attribute.g.node { names += Self.names(readBy: inner) }
      names += attribute.g.output.map(\.name)
    }
    return names
  }
}
