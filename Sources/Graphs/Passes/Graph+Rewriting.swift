extension Graph {
  /// A copy in which `rewrite` may put values in place of a node's results.
  ///
  /// `rewrite` gets each node with operands that are values of the copy so far; nil keeps the node as it is.
  package func rewritten(
    _ rewrite: (Node, inout Graph) throws(ShapeError) -> [Value]?
  ) throws(ShapeError) -> Graph {
    var copy = Graph(name: name, inputs: inputs, constants: constants, nodes: [], outputs: [])
    var replacements: [[Value]] = []
    replacements.reserveCapacity(nodes.count)
    func replaced(_ value: Value) -> Value {
      guard case .node(let index, let result) = value.source else { return value }
      return replacements[index][result]
    }
    for node in nodes {
      var node = node
      node.operands = node.operands.map(replaced)
      if let values = try rewrite(node, &copy) {
        replacements.append(values)
      } else {
        replacements.append(try copy.addNode(node.primitive, node.operands, name: node.name))
      }
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
