import Graphs

/// Puts one primitive in place of a convolution and the bias, addend and activation behind it, so that these meet results
/// that are still in the cache.
struct ConvolutionFinishing: GraphPass {
  static let name = "convolution-finishing"

  /// What is found behind a convolution.
  fileprivate struct Chain {
    var convolution: Int
    var finish = ConvolutionFinish()
    /// Bias and addend, as far as there are.
    var operands: [Value] = []
    /// The last node.
    var last: Int
  }

  func applied(to graph: Graph) throws(ShapeError) -> Graph {
    let chains = Dictionary(uniqueKeysWithValues: Self.chains(in: graph).map { ($0.last, $0) })
    guard !chains.isEmpty else { return graph }
    var copy = Graph(
      name: graph.name, inputs: graph.inputs, constants: graph.constants, nodes: [], outputs: [])
    var replacements: [[Value]] = []
    func replaced(_ value: Value) -> Value {
      guard case .node(let index, let result) = value.source else { return value }
      return replacements[index][result]
    }
    for (index, node) in graph.nodes.enumerated() {
      var (primitive, operands, name) = (node.primitive, node.operands, node.name)
      if let chain = chains[index], let convolution = graph.nodes[chain.convolution].primitive as? Convolution
      {
        primitive = FinishedConvolution(convolution: convolution, finish: chain.finish)
        operands = graph.nodes[chain.convolution].operands + chain.operands
        name = graph.nodes[chain.convolution].name
      }
      replacements.append(try copy.addNode(primitive, operands.map(replaced), name: name))
    }
    copy.outputs = graph.outputs.map { Graph.Output(name: $0.name, value: replaced($0.value)) }
    return try DeadNodeElimination().applied(to: copy)
  }

  private static func chains(in graph: Graph) -> [Chain] {
    // The only reader of each node, or nil.
    var readers: [Int?] = graph.nodes.map { _ in nil }
    var uses = graph.nodes.map { _ in 0 }
    for (index, node) in graph.nodes.enumerated() {
      for case .node(let source, _) in node.operands.map(\.source) {
        uses[source] += 1
        readers[source] = index
      }
    }
    for case .node(let source, _) in graph.outputs.map(\.value.source) { uses[source] += 2 }
    // A sum of two convolutions belongs to the first of them.
    var isTaken = graph.nodes.map { _ in false }
    return graph.nodes.indices.compactMap { index -> Chain? in
      guard graph.nodes[index].primitive is Convolution,
        graph.nodes[index].resultTypes[0].elementType == .float32
      else { return nil }
      var chain = Chain(convolution: index, last: index)
      while uses[chain.last] == 1, let reader = readers[chain.last], !isTaken[reader],
        !chain.finish.isActivated, chain.absorb(reader, in: graph)
      {
        isTaken[reader] = true
        chain.last = reader
      }
      return chain.last == index ? nil : chain
    }
  }
}

extension ConvolutionFinishing.Chain {
  /// Takes the only reader of the last node into the chain, where it is a bias, an addend or an activation.
  fileprivate mutating func absorb(_ reader: Int, in graph: Graph) -> Bool {
    let node = graph.nodes[reader]
    switch node.primitive {
    case let binary as Binary where binary.function == .add:
      let mine = Value(.node(last, result: 0))
      let others = node.operands.filter { $0 != mine }
      guard others.count == 1, let other = others.first else { return false }
      let (type, shape) = (node.resultTypes[0], graph.type(of: other).shape)
      guard type == graph.nodes[last].resultTypes[0] else { return false }
      let perChannel = [type.shape[1]] + Array(repeating: 1, count: type.rank - 2)
      if shape == perChannel || shape == [1] + perChannel, !finish.hasBias, !finish.hasAddend {
        finish.hasBias = true
      } else if shape == type.shape, !finish.hasAddend {
        finish.hasAddend = true
      } else {
        return false
      }
      operands.append(other)
      return true
    case let unary as Unary:
      switch unary.function {
      case .relu: finish.low = 0
      case .clamp(let minimum, let maximum):
        finish.low = minimum.map { Float($0) } ?? -.infinity
        finish.high = maximum.map { Float($0) } ?? .infinity
      default: return false
      }
      finish.isActivated = true
      return true
    default: return false
    }
  }
}

/// What is done with the results of a convolution: min(max(y + bias + addend, low), high).
struct ConvolutionFinish: Hashable, Sendable {
  var hasBias = false
  var hasAddend = false
  var isActivated = false
  var low = -Float.infinity
  var high = Float.infinity
}

/// A convolution whose results are finished while they are in the cache.
///
/// Operands: x `[batch, channels, height, width]`, weights, then a bias of one number for each output channel and an addend
/// of the result's shape, where there are.
struct FinishedConvolution: Primitive {
  static let name = "finished-convolution"
  var convolution: Convolution
  var finish: ConvolutionFinish

  func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try convolution.results(for: Array(operands.prefix(2)))
  }

  func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    convolution.work(for: Array(operands.prefix(2)), results: results)
  }
}
