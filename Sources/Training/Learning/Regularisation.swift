package import Graphs

/// Parts of a network left out at random in training: units of the last layer, residual branches of samples.
///
/// What is left out is a mask, an input of the graph: 0, or 1/(1 − probability) so that the expectation stays.
package struct Regularisation: Hashable, Sendable {
  /// The chance that a number that the last layer reads is left out.
  ///
  /// Source: Srivastava et al. 2014, JMLR 15.
  package var dropout: Double
  /// The chance that the last residual branch is left out for a sample; it falls in equal steps to the first one.
  ///
  /// Source: Huang et al. 2016, arXiv:1603.09382, section 3.
  package var dropPath: Double

  package init(dropout: Double = 0, dropPath: Double = 0) {
    self.dropout = dropout
    self.dropPath = dropPath
  }

  /// An input that holds a mask.
  package struct Mask: Hashable, Sendable {
    package var input: Int
    package var count: Int
    package var probability: Double
  }

  /// The network with masks as further inputs.
  ///
  /// - Throws: `ShapeError` where masks are wanted for layers that the network does not have.
  package func apply(to network: Graph, _ masks: inout [Mask]) throws(ShapeError) -> Graph {
    var graph = network
    var added: [(node: Int, operand: Int, mask: Value)] = []
    func add(_ node: Int, _ operand: Int, _ shape: [Int], _ probability: Double, _ name: String) {
      masks.append(Mask(input: graph.inputs.count, count: shape.reduce(1, *), probability: probability))
      added.append((node, operand, graph.addInput("\(network.nodes[node].name).\(name)", TensorType(shape))))
    }
    if dropPath > 0 {
      let branches = network.residualBranches
      guard !branches.isEmpty else {
        throw ShapeError(
          "drop-path of '\(network.name)'", found: "no residual branches", expected: "at least 1; use 0")
      }
      for (index, branch) in branches.enumerated() {
        let shape = network.nodes[branch.node].resultTypes[0].shape
        let mask = [shape[0]] + Array(repeating: 1, count: shape.count - 1)
        add(branch.node, branch.operand, mask, dropPath * Double(index + 1) / Double(branches.count), "path")
      }
    }
    if dropout > 0 {
      guard
        let last = network.nodes.lastIndex(where: {
          $0.primitive is MatrixProduct || $0.primitive is Convolution
        })
      else {
        throw ShapeError("dropout of '\(network.name)'", found: "no product", expected: "at least 1; use 0")
      }
      add(last, 0, network.type(of: network.nodes[last].operands[0]).shape, dropout, "dropout")
    }
    guard !added.isEmpty else { return network }
    var index = -1
    return try graph.rewritten { (node, copy) throws(ShapeError) in
      index += 1
      let changes = added.filter { $0.node == index }
      guard !changes.isEmpty else { return nil }
      var operands = node.operands
      for change in changes {
        operands[change.operand] = try copy.add(
          Binary(.multiply), operands[change.operand], change.mask,
          name: "\(copy.name(of: change.mask)).apply")
      }
      return try copy.addNode(node.primitive, operands, name: node.name)
    }
  }
}

extension Graph {
  /// The operands of additions that are residual branches: of two computed tensors of equal extents the one with more
  /// nodes behind it.
  fileprivate var residualBranches: [(node: Int, operand: Int)] {
    var depths: [Int] = []
    func depth(_ value: Value) -> Int {
      guard case .node(let index, _) = value.source else { return 0 }
      return depths[index]
    }
    var branches: [(node: Int, operand: Int)] = []
    for (index, node) in nodes.enumerated() {
      let operands = node.operands.map(depth)
      depths.append(1 + (operands.max() ?? 0))
      guard let binary = node.primitive as? Binary, binary.function == .add, node.resultTypes[0].rank >= 2,
        node.operands.allSatisfy({ !$0.isConstant && type(of: $0) == node.resultTypes[0] }),
        operands[0] != operands[1], operands.allSatisfy({ $0 > 0 })
      else { continue }
      branches.append((index, operands[0] > operands[1] ? 0 : 1))
    }
    return branches
  }
}

extension Value {
  fileprivate var isConstant: Bool {
    if case .constant = source { true } else { false }
  }
}
