extension Graph {
  /// A copy in which `rewrite` may put values in place of a node's results.
  ///
  /// `rewrite` gets each node with operands that are values of the copy so far; nil keeps the node as it is.
  package func rewritten(
    _ rewrite: (Node, inout Graph) throws(ShapeError) -> [Value]?
  ) throws(ShapeError) -> Graph {
    var copy = Graph(name: name, inputs: inputs, constants: constants, nodes: [], outputs: [])
    copy.reserveCapacity(nodes.count)
    // What stands in place of result 0 of each node, and of all results of nodes that have more.
    var firsts: [Value] = []
    var others: [Int: [Value]] = [:]
    firsts.reserveCapacity(nodes.count)
    // Types are found again only behind a value of another type.
    var keepsTypes = true
    func replaced(_ value: Value) -> Value {
      guard case .node(let index, let result) = value.source else { return value }
      return result == 0 ? firsts[index] : others[index]?[result] ?? firsts[index]
    }
    for original in nodes {
      var node = original
      for place in node.operands.indices { node.operands[place] = replaced(node.operands[place]) }
      var values: [Value]
      if let replacement = try rewrite(node, &copy) {
        values = replacement
        keepsTypes =
          keepsTypes && zip(values, node.resultTypes).allSatisfy { copy.type(of: $0) == $1 }
      } else if keepsTypes {
        copy.append(node)
        values = node.resultTypes.indices.map { Value(.node(copy.nodes.count - 1, result: $0)) }
      } else {
        values = try copy.addNode(node.primitive, node.operands, name: node.name)
      }
      if values.count > 1 { others[firsts.count] = values }
      firsts.append(values[0])
    }
    copy.outputs = outputs.map { Output(name: $0.name, value: replaced($0.value)) }
    return copy
  }

  /// A copy of some nodes, in the order given, and of the constants that they and the outputs read.
  ///
  /// All inputs stay. Operands of a node must come before it.
  func selecting(nodes order: [Int]) -> Graph {
    var keptConstants: [Constant] = []
    var constantIndices: [Int?] = Array(repeating: nil, count: constants.count)
    var nodeIndices: [Int] = Array(repeating: -1, count: nodes.count)
    func selected(_ value: Value) -> Value {
      switch value.source {
      case .input: return value
      case .constant(let index):
        let kept = constantIndices[index] ?? keptConstants.count
        if constantIndices[index] == nil { keptConstants.append(constants[index]) }
        constantIndices[index] = kept
        return Value(.constant(kept))
      case .node(let index, let result):
        return Value(.node(nodeIndices[index], result: result))
      }
    }
    var keptNodes: [Node] = []
    keptNodes.reserveCapacity(order.count)
    for index in order {
      var node = nodes[index]
      node.operands = node.operands.map(selected)
      nodeIndices[index] = keptNodes.count
      keptNodes.append(node)
    }
    let keptOutputs = outputs.map { Output(name: $0.name, value: selected($0.value)) }
    return Graph(
      name: name, inputs: inputs, constants: keptConstants, nodes: keptNodes, outputs: keptOutputs)
  }

  /// The node and the operand behind a value, where it comes from a node of one operand and one result.
  func unaryOrigin(of value: Value) -> (primitive: any Primitive, operand: Value)? {
    guard case .node(let index, _) = value.source, nodes[index].operands.count == 1,
      nodes[index].resultTypes.count == 1
    else { return nil }
    return (nodes[index].primitive, nodes[index].operands[0])
  }
}
