import Graphs

/// Multiplies fixed normalisations into the weights of the convolutions before them.
///
/// Only for graphs whose weights stay as they are: the products are then computed once.
struct FixedNormalizationFolding: GraphPass {
  static let name = "fixed-normalization-folding"

  func applied(to graph: Graph) throws(ShapeError) -> Graph {
    var uses = Array(repeating: 0, count: graph.nodes.count)
    for value in graph.nodes.flatMap(\.operands) + graph.outputs.map(\.value) {
      if case .node(let index, _) = value.source { uses[index] += 1 }
    }
    var foldable: Set<String> = []
    for node in graph.nodes {
      guard node.primitive is BatchNormalization, node.operands.dropFirst().allSatisfy(\.isConstant),
        case .node(let index, _) = node.operands[0].source, uses[index] == 1,
        graph.nodes[index].primitive is Convolution, graph.nodes[index].operands[1].isConstant
      else { continue }
      foldable.insert(node.name)
    }
    guard !foldable.isEmpty else { return graph }
    return try graph.rewritten { (node, copy) throws(ShapeError) in
      guard foldable.contains(node.name), let normalization = node.primitive as? BatchNormalization,
        case .node(let index, _) = node.operands[0].source
      else { return nil }
      let convolution = copy.nodes[index]
      guard convolution.primitive is Convolution, convolution.operands[1].isConstant else { return nil }
      let operands = node.operands.map { Formula.value($0) }
      let rank = node.resultTypes[0].rank
      let channels = node.resultTypes[0].shape[1]
      let deviation = (operands[4] + .number(normalization.epsilon)).map(.squareRoot)
      let factor = Formula.value(
        try copy.add(operands[1] * deviation.map(.reciprocal), .float32, name: "\(node.name).factor"))
      let shift = (operands[2] - operands[3] * factor).reshaped(
        [1, channels] + Array(repeating: 1, count: rank - 2))
      let weights = try copy.add(
        .value(convolution.operands[1])
          * factor.reshaped([channels] + Array(repeating: 1, count: rank - 1)), .float32,
        name: "\(convolution.name).weights")
      let y = try copy.addNode(
        convolution.primitive, [convolution.operands[0], weights], name: convolution.name)[0]
      return [try copy.add(.value(y) + shift, .float32, name: node.name)]
    }
  }
}

extension Value {
  fileprivate var isConstant: Bool {
    if case .constant = source { true } else { false }
  }
}
