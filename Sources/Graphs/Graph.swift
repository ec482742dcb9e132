/// A computation graph: the project's only notion of a network.
///
/// Nodes stand in topological order: an operand is an input, a constant or a result of an earlier node.
package struct Graph: Sendable {
  package var name: String
  package private(set) var inputs: [Input] = []
  package private(set) var constants: [Constant] = []
  package private(set) var nodes: [Node] = []
  package var outputs: [Output] = []

  package init(name: String) { self.name = name }

  /// A graph of parts that nobody has checked; ``verify()`` says what is wrong with them.
  package init(
    name: String, inputs: [Input], constants: [Constant], nodes: [Node], outputs: [Output]
  ) {
    self.name = name
    self.inputs = inputs
    self.constants = constants
    self.nodes = nodes
    self.outputs = outputs
  }

  /// A tensor that the caller provides at each run.
  package struct Input: Hashable, Sendable {
    package var name: String
    package var type: TensorType
    package init(name: String, type: TensorType) {
      self.name = name
      self.type = type
    }
  }

  /// A tensor known when the graph is made: a weight, or a number that an exporter wrote down.
  package struct Constant: Hashable, Sendable {
    package var name: String
    package var type: TensorType
    /// Little-endian elements, densely packed; nil where only the shape is known (weights not read, or not yet trained).
    package var bytes: [UInt8]?
    /// Whether the tensor is a trained parameter, counted in ``Graph/parameterCount``.
    package var isParameter: Bool
    /// What is known of zeros in the direction of the reduction; nil where nothing is.
    package var sparsity: StructuredSparsity?
    package init(
      name: String, type: TensorType, bytes: [UInt8]? = nil, isParameter: Bool = true,
      sparsity: StructuredSparsity? = nil
    ) {
      self.name = name
      self.type = type
      self.bytes = bytes
      self.isParameter = isParameter
      self.sparsity = sparsity
    }
  }

  /// A named result of the whole graph.
  package struct Output: Hashable, Sendable {
    package var name: String
    package var value: Value
    package init(name: String, value: Value) {
      self.name = name
      self.value = value
    }
  }

  /// Adds an input.
  package mutating func addInput(_ name: String, _ type: TensorType) -> Value {
    inputs.append(Input(name: name, type: type))
    return Value(.input(inputs.count - 1))
  }

  /// Adds a constant; `bytes` may be nil for a parameter of which only the shape is known.
  package mutating func addConstant(
    _ name: String, _ type: TensorType, bytes: [UInt8]? = nil, isParameter: Bool = true,
    sparsity: StructuredSparsity? = nil
  ) -> Value {
    constants.append(
      Constant(name: name, type: type, bytes: bytes, isParameter: isParameter, sparsity: sparsity))
    return Value(.constant(constants.count - 1))
  }

  /// Adds a node after checking its operands, and returns all its results.
  ///
  /// - Throws: ``ShapeError`` that names the node, also for tensors beyond the limits of ``TensorType/validate(_:)``.
  package mutating func addNode(
    _ primitive: any Primitive, _ operands: [Value], name: String
  ) throws(ShapeError) -> [Value] {
    var results: [TensorType]
    do {
      let types = operands.map { type(of: $0) }
      for operand in types { try operand.validate(primitive.name) }
      results = try primitive.results(for: types)
      for result in results { try result.validate(primitive.name) }
    } catch {
      var named = error
      named.place = "node '\(name)' (\(error.place))"
      throw named
    }
    nodes.append(Node(name: name, primitive: primitive, operands: operands, resultTypes: results))
    let index = nodes.count - 1
    return results.indices.map { Value(.node(index, result: $0)) }
  }

  /// Adds a node whose result types are known to be what its primitive says.
  mutating func append(_ node: Node) { nodes.append(node) }

  /// Adds a node as it is on other operands of the same types, and returns its index.
  package mutating func append(_ node: Node, on operands: [Value]) -> Int {
    var node = node
    node.operands = operands
    nodes.append(node)
    return nodes.count - 1
  }

  package mutating func reserveCapacity(_ count: Int) { nodes.reserveCapacity(count) }

  /// Adds a node of one result.
  package mutating func add(
    _ primitive: any Primitive, _ operands: Value..., name: String
  ) throws(ShapeError) -> Value {
    try addNode(primitive, operands, name: name)[0]
  }

  /// The type of a value.
  package func type(of value: Value) -> TensorType {
    switch value.source {
    case .input(let index): inputs[index].type
    case .constant(let index): constants[index].type
    case .node(let index, let result): nodes[index].resultTypes[result]
    }
  }

  /// Elements of all trained parameters.
  package var parameterCount: Int {
    constants.reduce(0) { saturatingSum($0, $1.isParameter ? $1.type.count : 0) }
  }

  /// Multiply-accumulate operations of one run; a sum past the largest integer stays there.
  package var macs: Int {
    nodes.reduce(0) { sum, node in work(of: node).reduce(sum) { saturatingSum($0, $1.macs) } }
  }

  /// The loop nests of a node.
  package func work(of node: Node) -> [Work] {
    node.primitive.work(for: node.operands.map { type(of: $0) }, results: node.resultTypes)
  }
}

/// The sum of two counts, or the largest integer where it would overflow.
func saturatingSum(_ left: Int, _ right: Int) -> Int {
  let (sum, overflows) = left.addingReportingOverflow(right)
  return overflows ? .max : sum
}

/// One operation of a graph with its operands.
package struct Node: Sendable {
  package var name: String
  package var primitive: any Primitive
  package var operands: [Value]
  package var resultTypes: [TensorType]
  package init(name: String, primitive: any Primitive, operands: [Value], resultTypes: [TensorType]) {
    self.name = name
    self.primitive = primitive
    self.operands = operands
    self.resultTypes = resultTypes
  }
}

/// A tensor in a graph, named by where it comes from.
package struct Value: Hashable, Sendable {
  package enum Source: Hashable, Sendable {
    case input(Int)
    case constant(Int)
    case node(Int, result: Int)
  }
  package var source: Source
  package init(_ source: Source) { self.source = source }
}
