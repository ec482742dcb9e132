extension Graph {
  /// Adds all nodes of another graph and returns what its outputs are here.
  ///
  /// Its inputs become the given values; its constants those of the same name here, which are added where missing.
  /// - Throws: ``ShapeError`` for another number of inputs, inputs or constants of other types.
  package mutating func inline(_ other: Graph, inputs values: [Value], prefix: String) throws(ShapeError)
    -> [Value]
  {
    let found = values.map { type(of: $0) }
    guard found == other.inputs.map(\.type) else {
      throw ShapeError(
        "inlining '\(other.name)'", found: "inputs \(found)", expected: "\(other.inputs.map(\.type))")
    }
    var known: [String: Int] = [:]
    for (index, constant) in constants.enumerated() { known[constant.name] = known[constant.name] ?? index }
    var constantValues: [Value] = []
    for constant in other.constants {
      guard let index = known[constant.name] else {
        constantValues.append(
          addConstant(
            constant.name, constant.type, bytes: constant.bytes, isParameter: constant.isParameter,
            sparsity: constant.sparsity))
        continue
      }
      guard constants[index].type == constant.type else {
        throw ShapeError(
          "inlining '\(other.name)', constant '\(constant.name)'", found: "\(constant.type)",
          expected: "\(constants[index].type)")
      }
      constantValues.append(Value(.constant(index)))
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
