extension Graph {
  /// Adds all nodes of another graph and returns what its outputs are here.
  ///
  /// Its inputs become the given values; its constants those of the same name here, which are added where missing. A constant
  /// with other contents than its namesake is another one.
  /// - Throws: ``ShapeError`` for another number of inputs, inputs of other types, or weights of other types than their
  ///   namesakes.
  package mutating func inline(_ other: Graph, inputs values: [Value], prefix: String) throws(ShapeError)
    -> [Value]
  {
    let found = values.map { type(of: $0) }
    guard found == other.inputs.map(\.type) else {
      throw ShapeError(
        "inlining '\(other.name)'", found: "inputs \(found)", expected: "\(other.inputs.map(\.type))")
    }
    var known: [String: [Int]] = [:]
    for (index, constant) in constants.enumerated() { known[constant.name, default: []].append(index) }
    var constantValues: [Value] = []
    for constant in other.constants {
      let namesakes = known[constant.name] ?? []
      if let same = namesakes.first(where: { constants[$0].isInterchangeable(with: constant) }) {
        constantValues.append(Value(.constant(same)))
        continue
      }
      // Contents tell constants apart; weights have none, so their name is all there is.
      if constant.bytes == nil, let namesake = namesakes.first {
        throw ShapeError(
          "inlining '\(other.name)', constant '\(constant.name)'", found: "\(constant.type)",
          expected: "\(constants[namesake].type)")
      }
      constantValues.append(
        addConstant(
          constant.name, constant.type, bytes: constant.bytes, isParameter: constant.isParameter,
          sparsity: constant.sparsity))
    }
    var results: [[Value]] = []
    func placed(_ value: Value) -> Value {
      switch value.source {
      case .input(let index): values[index]
      case .constant(let index): constantValues[index]
      case .node(let index, let result): results[index][result]
      }
    }
    for node in other.nodes {
      results.append(
        try addNode(node.primitive, node.operands.map(placed), name: "\(prefix).\(node.name)"))
    }
    return other.outputs.map { placed($0.value) }
  }
}

extension Graph.Constant {
  /// Whether a constant of the same name can stand for another one: of one type, and of one content where both have any.
  fileprivate func isInterchangeable(with other: Graph.Constant) -> Bool {
    type == other.type && (bytes == nil || other.bytes == nil || bytes == other.bytes)
  }
}
