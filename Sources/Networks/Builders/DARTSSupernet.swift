package import Graphs

/// The network of DARTS with all operations on each edge at once, mixed by weights that are inputs.
///
/// Weights come in as in ``CellSupernet``, and batches are normalised as there; pooling is normalised as well. Edges are
/// numbered by cell (normal cells first), then by node, then by the state that they read. Source: Liu, Simonyan and Yang
/// 2019, arXiv:1806.09055, section 2 and appendix A.
package struct DARTSSupernet: Sendable {
  /// For each edge, whether zero and each of ``DARTSOperation``'s cases, in this order, are in the mixture.
  package var isPresent: [[Bool]]
  package var channels: Int
  /// All cells; those at one and two thirds halve the resolution.
  package var cells: Int
  package var classes: Int
  /// Whether each edge has one more skip, beside the mixture, whose weight is an input of its own.
  package var hasAuxiliarySkips: Bool

  package init(
    isPresent: [[Bool]], channels: Int, cells: Int, classes: Int, hasAuxiliarySkips: Bool = false
  ) {
    self.isPresent = isPresent
    self.channels = channels
    self.cells = cells
    self.classes = classes
    self.hasAuxiliarySkips = hasAuxiliarySkips
  }

  /// Nodes of a cell between its inputs and its result.
  package static let nodes = 4
  /// Edges of a cell.
  package static let edges = nodes * (nodes + 3) / 2

  /// The number of the edge from a state to a node, within its cell.
  package static func edge(toNode node: Int, from state: Int) -> Int { node * (node + 3) / 2 + state }

  /// The graph for a batch of images `[channels, height, width]`.
  /// - Throws: `ShapeError` where the network does not fit the input.
  package func build(batch: Int, input: [Int]) throws(ShapeError) -> CellSupernet.Result {
    var network = NetworkBuilder(name: "supernet")
    var mixing: [CellSupernet.Mixing] = []
    let x = try network.input("input", [batch] + input)
    let auxiliary =
      hasAuxiliarySkips ? try network.input("auxiliary.weight", [batch, 1, 1, 1]) : nil
    let stem = try network.convolution(x, 3 * channels, kernel: 3, bias: false, name: "stem.0")
    var last = try network.cellNormalization(stem, .batch, name: "stem.1")
    var before = last
    var width = channels
    var isReduced = false
    for index in 0..<cells {
      let reduces = index == cells / 3 || index == 2 * cells / 3
      if reduces { width *= 2 }
      let name = "cells.\(index)"
      var states = [
        isReduced
          ? try network.factorizedReduction(before, width, .batch, name: "\(name).preprocess0")
          : try network.pointwiseUnit(before, width, .batch, name: "\(name).preprocess0"),
        try network.pointwiseUnit(last, width, .batch, name: "\(name).preprocess1"),
      ]
      for node in 0..<Self.nodes {
        var terms: [Value] = []
        for state in states.indices {
          let edge = (reduces ? Self.edges : 0) + Self.edge(toNode: node, from: state)
          let stride = reduces && state < 2 ? 2 : 1
          for (option, operation) in DARTSOperation.allCases.enumerated()
          where isPresent[edge][option + 1] {
            let place = "\(name).\(state)-\(node).\(operation.rawValue)"
            let y = try network.dartsOperation(operation, states[state], stride: stride, .batch, name: place)
            let weight = try network.input("\(place).weight", [batch, 1, 1, 1])
            mixing.append(CellSupernet.Mixing(cell: index, edge: edge, operation: option + 1))
            terms.append(try network.apply(Binary(.multiply), y, weight, name: "\(place).weighted"))
          }
          if let auxiliary {
            let place = "\(name).\(state)-\(node).auxiliary"
            let y = try network.dartsOperation(.skip, states[state], stride: stride, .batch, name: place)
            terms.append(try network.apply(Binary(.multiply), y, auxiliary, name: "\(place).weighted"))
          }
        }
        states.append(
          try network.cellSum(terms, like: states[0], stride: reduces ? 2 : 1, name: "\(name).node\(node)"))
      }
      let next = try network.apply(
        Concatenate(axis: 1), to: Array(states.dropFirst(2)), name: "\(name).concatenate")
      (before, last, isReduced) = (last, next, reduces)
    }
    let features = try network.globalAveragePooling(last, name: "avgpool")
    network.output("logits", try network.linear(features, classes, name: "classifier"))
    return CellSupernet.Result(
      graph: network.graph, mixing: mixing, hasAuxiliarySkips: hasAuxiliarySkips)
  }
}
