package import Graphs

/// Puts the statistics of batch normalisation into the weights of the convolution before it.
///
/// Needs constants with contents. w′ = w · s / √(v + ε) for each output channel, b′ = (b − m) · s / √(v + ε) + shift, in
/// double precision. Source: Jacob et al. 2018, arXiv:1712.05877, section 3.2.
package struct NormalizationFolding: GraphPass {
  package static let name = "normalization-folding"
  package init() {}

  /// A convolution with the bias and the normalisation that follow it.
  private struct Fold {
    var convolution: Int
    var weights: [Float]
    var bias: [Float]
  }

  package func applied(to graph: Graph) throws(ShapeError) -> Graph {
    let uses = graph.useCounts
    var copy = Graph(
      name: graph.name, inputs: graph.inputs, constants: graph.constants, nodes: [], outputs: [])
    var replacements: [[Value]] = []
    func replaced(_ value: Value) -> Value {
      guard case .node(let index, let result) = value.source else { return value }
      return replacements[index][result]
    }
    for (index, node) in graph.nodes.enumerated() {
      guard let fold = Self.fold(endingAt: index, in: graph, uses) else {
        replacements.append(try copy.addNode(node.primitive, node.operands.map(replaced), name: node.name))
        continue
      }
      let convolution = graph.nodes[fold.convolution]
      let type = graph.type(of: convolution.operands[1])
      let w = copy.addConstant("\(convolution.name).weight folded", type, bytes: fold.weights.bytes)
      let y = try copy.add(
        convolution.primitive, replaced(convolution.operands[0]), w, name: convolution.name)
      let shape = [type.shape[0]] + Array(repeating: 1, count: type.rank - 2)
      let bias = copy.addConstant(
        "\(convolution.name).bias folded", TensorType(shape), bytes: fold.bias.bytes)
      replacements.append([try copy.add(Binary(.add), y, bias, name: node.name)])
    }
    copy.outputs = graph.outputs.map { Graph.Output(name: $0.name, value: replaced($0.value)) }
    return try DeadNodeElimination().applied(to: copy)
  }

  private static func fold(endingAt index: Int, in graph: Graph, _ uses: [Value: Int]) -> Fold? {
    let node = graph.nodes[index]
    guard let normalization = node.primitive as? BatchNormalization else { return nil }
    let statistics = node.operands.dropFirst().compactMap { graph.reals($0) }
    guard statistics.count == 4, let layer = graph.biasedConvolution(node.operands[0], uses),
      let weights = graph.reals(graph.nodes[layer.convolution].operands[1])
    else { return nil }
    let channels = statistics[0].count
    let run = weights.count / channels
    var fold = Fold(convolution: layer.convolution, weights: weights, bias: [])
    for channel in 0..<channels {
      let (scale, shift) = (Double(statistics[0][channel]), Double(statistics[1][channel]))
      let (mean, variance) = (Double(statistics[2][channel]), Double(statistics[3][channel]))
      let factor = scale / (variance + normalization.epsilon).squareRoot()
      for place in channel * run..<(channel + 1) * run {
        fold.weights[place] = Float(Double(weights[place]) * factor)
      }
      fold.bias.append(Float((Double(layer.bias?[channel] ?? 0) - mean) * factor + shift))
    }
    return fold
  }
}

extension Graph {
  /// How often each value is read by nodes and outputs.
  var useCounts: [Value: Int] {
    var uses: [Value: Int] = [:]
    for node in nodes { for operand in node.operands { uses[operand, default: 0] += 1 } }
    for output in outputs { uses[output.value, default: 0] += 1 }
    return uses
  }

  /// A convolution, with or without a bias of known numbers, whose result nothing else reads.
  func biasedConvolution(_ value: Value, _ uses: [Value: Int]) -> (convolution: Int, bias: [Float]?)? {
    guard uses[value] == 1, case .node(let index, _) = value.source else { return nil }
    let node = nodes[index]
    if node.primitive is Convolution { return (index, nil) }
    guard let binary = node.primitive as? Binary, binary.function == .add,
      let bias = reals(node.operands[1]), uses[node.operands[0]] == 1,
      case .node(let inner, _) = node.operands[0].source, nodes[inner].primitive is Convolution
    else { return nil }
    let channels = type(of: node.operands[0]).shape[1]
    let shape = [channels] + Array(repeating: 1, count: type(of: value).rank - 2)
    let given = type(of: node.operands[1]).shape
    return bias.count == channels && (given == shape || given == [1] + shape) ? (inner, bias) : nil
  }

  /// The graph with contents for constants that have none, or others for those that have some, by name.
  package func settingValues(_ values: [String: [Float]]) -> Graph {
    let filled = constants.map { constant in
      var constant = constant
      if let numbers = values[constant.name] { constant.bytes = numbers.bytes }
      return constant
    }
    return Graph(name: name, inputs: inputs, constants: filled, nodes: nodes, outputs: outputs)
  }
}

extension [Float] {
  /// The numbers as little-endian bytes.
  var bytes: [UInt8] {
    flatMap { number in Swift.withUnsafeBytes(of: number.bitPattern.littleEndian) { Array<UInt8>($0) } }
  }
}
