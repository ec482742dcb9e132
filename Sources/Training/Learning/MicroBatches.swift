import Graphs

/// A batch in equal parts that go through a network one after the other; their gradients are added up.
///
/// The loss is a mean over samples, so its gradient is the mean of those of the parts. What one part needs is free before
/// the next one begins.
struct MicroBatches {
  /// The graph with the inputs of the whole batch, into which parts are built; with one part the network itself.
  let start: Graph
  /// The type of the first output for the whole batch.
  let outputType: TensorType
  private let network: Graph
  private let statistics: [Value]
  private let parts: Int

  /// - Throws: `ShapeError` where an input has no batch to be split.
  init(_ network: Graph, statistics: [Value], parts: Int) throws(ShapeError) {
    self.network = network
    self.statistics = statistics
    self.parts = parts
    guard parts > 1 else {
      start = network
      outputType = network.type(of: network.outputs[0].value)
      return
    }
    let batch = network.inputs.first?.type.shape.first ?? 1
    var whole = Graph(name: network.name)
    for input in network.inputs {
      guard input.type.shape.first == batch else {
        throw ShapeError(
          "input '\(input.name)'", found: "\(input.type)",
          expected: "a first extent of \(batch), the batch, which is split into \(parts) parts")
      }
      _ = whole.addInput(input.name, Self.scaled(input.type, parts))
    }
    // In the order of the network, so that a constant has the same index in both.
    for constant in network.constants {
      _ = whole.addConstant(
        constant.name, constant.type, bytes: constant.bytes, isParameter: constant.isParameter,
        sparsity: constant.sparsity)
    }
    start = whole
    outputType = Self.scaled(network.type(of: network.outputs[0].value), parts)
  }

  private static func scaled(_ type: TensorType, _ parts: Int) -> TensorType {
    TensorType([type.shape[0] * parts] + type.shape.dropFirst(), type.elementType)
  }

  /// The rows of a part of a value of the whole batch.
  func slice(_ value: Value, _ part: Int, in graph: inout Graph) throws(ShapeError) -> Value {
    guard parts > 1 else { return value }
    let shape = graph.type(of: value).shape
    let rows = shape[0] / parts
    return try graph.add(
      Slice(
        starts: [part * rows] + shape.dropFirst().map { _ in 0 },
        ends: [(part + 1) * rows] + shape.dropFirst()),
      value, name: "part \(part)")
  }

  /// What all parts together come to.
  struct Result {
    /// The mean over the parts.
    var loss: Value
    /// The mean gradient of each parameter; nil where the loss does not depend on it.
    var gradients: [Value?]
    /// The mean of each statistic.
    var statistics: [Value]
  }

  /// Adds forward passes and gradients of all parts, and the network's outputs for the whole batch.
  ///
  /// - Parameter loss: Adds the mean loss of a part, given its first output.
  func run(
    in graph: inout Graph, parameters: [Int],
    loss: (_ output: Value, _ part: Int, _ graph: inout Graph) throws(ShapeError) -> Value
  ) throws(ShapeError) -> Result {
    let parameters = parameters.map { Value(.constant($0)) }
    guard parts > 1 else {
      let loss = try loss(graph.outputs[0].value, 0, &graph)
      let gradients = try graph.addGradients(of: [loss], withRespectTo: parameters)
      return Result(loss: loss, gradients: gradients, statistics: statistics)
    }
    var part = network
    part.outputs += statistics.enumerated().map { Graph.Output(name: "statistic \($0)", value: $1) }
    var sum: Result?
    var outputs: [[Value]] = network.outputs.map { _ in [] }
    for index in 0..<parts {
      var inputs: [Value] = []
      for input in network.inputs.indices {
        inputs.append(try slice(Value(.input(input)), index, in: &graph))
      }
      let results = try graph.append(part, inputs: inputs, prefix: "part \(index)")
      for output in outputs.indices { outputs[output].append(results[output]) }
      let own = try loss(results[0], index, &graph)
      let next = Result(
        loss: own, gradients: try graph.addGradients(of: [own], withRespectTo: parameters),
        statistics: Array(results.dropFirst(outputs.count)))
      sum = try sum.map { (sum) throws(ShapeError) in try added(sum, next, in: &graph) } ?? next
    }
    guard var mean = sum else {
      throw ShapeError("training of '\(network.name)'", found: "\(parts) parts", expected: "at least 1")
    }
    mean.loss = try divided(mean.loss, in: &graph)
    for index in mean.gradients.indices {
      if let gradient = mean.gradients[index] { mean.gradients[index] = try divided(gradient, in: &graph) }
    }
    for index in mean.statistics.indices {
      mean.statistics[index] = try divided(mean.statistics[index], in: &graph)
    }
    for (output, values) in zip(network.outputs, outputs) {
      let whole = try graph.addNode(Concatenate(axis: 0), values, name: output.name)[0]
      graph.outputs.append(Graph.Output(name: output.name, value: whole))
    }
    return mean
  }

  private func added(_ sum: Result, _ next: Result, in graph: inout Graph) throws(ShapeError) -> Result {
    var total = sum
    total.loss = try graph.add(Binary(.add), sum.loss, next.loss, name: "loss")
    for index in sum.gradients.indices {
      guard let old = sum.gradients[index], let new = next.gradients[index] else { continue }
      total.gradients[index] = try graph.add(Accumulation(), old, new, name: "gradient")
    }
    for index in sum.statistics.indices {
      total.statistics[index] = try graph.add(
        Binary(.add), sum.statistics[index], next.statistics[index], name: "statistic")
    }
    return total
  }

  private func divided(_ value: Value, in graph: inout Graph) throws(ShapeError) -> Value {
    try graph.add(.value(value) * .number(1 / Double(parts)), .float32, name: "mean of parts")
  }
}

extension Graph {
  /// Adds all nodes of a graph whose constants are the first ones here, and returns what its outputs are.
  ///
  /// Numbers of formulas share names, so constants go by their index.
  fileprivate mutating func append(
    _ other: Graph, inputs: [Value], prefix: String
  ) throws(ShapeError) -> [Value] {
    var results: [[Value]] = []
    func placed(_ value: Value) -> Value {
      switch value.source {
      case .input(let index): inputs[index]
      case .constant: value
      case .node(let index, let result): results[index][result]
      }
    }
    for node in other.nodes {
      results.append(try addNode(node.primitive, node.operands.map(placed), name: "\(prefix).\(node.name)"))
    }
    return other.outputs.map { placed($0.value) }
  }
}

/// The sum of two tensors, computed as soon as both are there.
///
/// Loops that were joined over all parts of a batch would hold the gradients of all of them.
struct Accumulation: Primitive {
  static let name = "accumulation"

  func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    guard operands.count == 2, operands[0] == operands[1] else {
      throw ShapeError(
        Self.name, found: operands.map { "\($0)" }.joined(separator: ", "),
        expected: "two tensors of one type")
    }
    return [operands[0]]
  }

  func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    Binary(.add).work(for: operands, results: results)
  }
}

extension Accumulation: ExecutablePrimitive {
  func emit(_ node: Node, _ results: [Value], in builder: inout PlanBuilder) throws(PlanError) {
    let (left, right) = (try builder.view(node.operands[0]), try builder.view(node.operands[1]))
    let target = builder.tensor(node.resultTypes[0], order: left.order)
    builder.appendSum(of: left, right, to: target)
    builder.place(results[0], target)
  }
}
