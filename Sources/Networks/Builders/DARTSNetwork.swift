package import Graphs

/// Two cells that a differentiable search found: for each node two operations and the states that they read.
///
/// States 0 and 1 are the cell's inputs, from the cell before the last and from the last; state 2 is the first node.
package struct DARTSGenotype: Hashable, Sendable {
  /// An operation on a state.
  package struct Edge: Hashable, Sendable {
    package var operation: DARTSOperation
    package var state: Int

    package init(_ operation: DARTSOperation, _ state: Int) {
      self.operation = operation
      self.state = state
    }
  }

  /// Two edges for each node of a cell that keeps the resolution.
  package var normal: [Edge]
  /// Two edges for each node of a cell that halves the resolution.
  package var reduction: [Edge]

  package init(normal: [Edge], reduction: [Edge]) {
    self.normal = normal
    self.reduction = reduction
  }
}

/// The network of DARTS around two cells: a stem, cells that each read the two before them, and a classifier.
///
/// The cells at one and two thirds halve the resolution and double the channels. A cell yields its nodes side by side.
/// Source: Liu, Simonyan and Yang 2019, arXiv:1806.09055, section 3 and appendix A.
package struct DARTSNetwork: NetworkArchitecture {
  /// For each node of a cell that keeps the resolution, the operations that it adds; two in published cells.
  package var normal: [[DARTSGenotype.Edge]]
  /// The same for a cell that halves it.
  package var reduction: [[DARTSGenotype.Edge]]
  /// Channels of the nodes of the first cells.
  package var channels: Int
  package var cells: Int
  package var classes: Int

  package init(
    normal: [[DARTSGenotype.Edge]], reduction: [[DARTSGenotype.Edge]], channels: Int = 36, cells: Int = 20,
    classes: Int = 10
  ) {
    self.normal = normal
    self.reduction = reduction
    self.channels = channels
    self.cells = cells
    self.classes = classes
  }

  /// The inference graph.
  /// - Throws: `ShapeError` where the network does not fit the input.
  package func graph(name: String, batch: Int, input: [Int]) throws(ShapeError) -> Graph {
    var network = NetworkBuilder(name: name)
    try build(in: &network, batch: batch, input: input)
    return network.graph
  }

  package func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    let x = try network.input("input", [batch] + input)
    let stem = try network.convolution(x, 3 * channels, kernel: 3, bias: false, name: "stem.0")
    var last = try network.batchNormalization(stem, name: "stem.1")
    var before = last
    var width = channels
    var isReduced = false
    for index in 0..<cells {
      let reduces = index == cells / 3 || index == 2 * cells / 3
      if reduces { width *= 2 }
      let name = "cells.\(index)"
      let first =
        isReduced
        ? try network.factorizedReduction(before, width, name: "\(name).preprocess0")
        : try network.pointwiseUnit(before, width, name: "\(name).preprocess0")
      let second = try network.pointwiseUnit(last, width, name: "\(name).preprocess1")
      let next = try cell(first, second, reduces: reduces, in: &network, name: name)
      (before, last, isReduced) = (last, next, reduces)
    }
    let features = try network.globalAveragePooling(last, name: "avgpool")
    network.output("logits", try network.linear(features, network.classes(classes), name: "classifier"))
  }

  private func cell(
    _ first: Value, _ second: Value, reduces: Bool, in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value {
    var states = [first, second]
    var index = 0
    for (node, edges) in (reduces ? reduction : normal).enumerated() {
      var terms: [Value] = []
      for edge in edges {
        terms.append(
          try network.dartsOperation(
            edge.operation, states[edge.state], stride: reduces && edge.state < 2 ? 2 : 1,
            name: "\(name).ops.\(index)"))
        index += 1
      }
      states.append(
        try network.cellSum(terms, like: first, stride: reduces ? 2 : 1, name: "\(name).node\(node)"))
    }
    return try network.apply(
      Concatenate(axis: 1), to: Array(states.dropFirst(2)), name: "\(name).concatenate")
  }
}

extension DARTSGenotype {
  /// The cells that second-order DARTS found on CIFAR-10; 3.3 M parameters.
  ///
  /// Source: Liu, Simonyan and Yang 2019, arXiv:1806.09055, figures 4 and 5.
  package static let darts = DARTSGenotype(
    normal: [
      Edge(.separable3, 0), Edge(.separable3, 1), Edge(.separable3, 0), Edge(.separable3, 1),
      Edge(.separable3, 1), Edge(.skip, 0), Edge(.skip, 0), Edge(.dilated3, 2),
    ],
    reduction: [
      Edge(.maximumPooling, 0), Edge(.maximumPooling, 1), Edge(.skip, 2), Edge(.maximumPooling, 1),
      Edge(.maximumPooling, 0), Edge(.skip, 2), Edge(.skip, 2), Edge(.maximumPooling, 1),
    ])

  /// The cells that XNAS found on CIFAR-10; 3.8 M parameters.
  ///
  /// Source: Nayman et al. 2019, arXiv:1906.08031.
  package static let xnas = DARTSGenotype(
    normal: [
      Edge(.separable3, 1), Edge(.skip, 0), Edge(.separable3, 0), Edge(.separable3, 2),
      Edge(.separable3, 3), Edge(.separable3, 1), Edge(.dilated5, 4), Edge(.separable3, 0),
    ],
    reduction: [
      Edge(.maximumPooling, 0), Edge(.averagePooling, 1), Edge(.averagePooling, 0), Edge(.skip, 2),
      Edge(.dilated3, 3), Edge(.maximumPooling, 0), Edge(.dilated5, 4), Edge(.averagePooling, 0),
    ])
}
