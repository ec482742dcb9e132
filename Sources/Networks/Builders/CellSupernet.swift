package import Graphs

/// The network of NAS-Bench-201 with all operations on each edge at once, mixed by weights that are inputs.
///
/// An edge's result is p = Σ uᵢ fᵢ(x). The mixing weights u are one input of `[batch, 1, 1, 1]` for each operation of each
/// edge of each cell, so that a gradient with respect to them has one entry for each sample: ∂loss/∂uᵢ = ⟨∂loss/∂p, fᵢ⟩.
/// Batches are normalised by their own statistics, without scale and shift, so that no operation can grow by itself.
/// Operations that are left out of an edge are not in the graph; zero never is, since it adds nothing.
/// Source: Liu et al. 2019, arXiv:1806.09055, and Dong and Yang 2020, arXiv:2001.00326, section 4.
package struct CellSupernet: Sendable {
  /// For each edge, which of ``CellOperation``'s cases, in their order, are in the mixture.
  package var isPresent: [[Bool]]
  package var channels: Int
  /// Cells of each of the three stages.
  package var cells: Int
  package var classes: Int
  /// Whether each edge has one more skip, beside the mixture, whose weight is an input of its own.
  ///
  /// Source: Chu et al. 2021 (DARTS−), arXiv:2009.01027, section 3.2.
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

  /// A graph and where its mixing weights come in.
  package struct Result: Sendable {
    /// Input 0 holds the images, output 0 the logits `[batch, classes]`.
    package var graph: Graph
    /// What each further input weighs, in the order of inputs.
    package var mixing: [Mixing]
    /// Whether input 1 is the weight of auxiliary skips, before those that weigh operations.
    package var hasAuxiliarySkips: Bool

    package init(graph: Graph, mixing: [Mixing], hasAuxiliarySkips: Bool = false) {
      self.graph = graph
      self.mixing = mixing
      self.hasAuxiliarySkips = hasAuxiliarySkips
    }

    /// The input of an entry of ``mixing``.
    package func input(ofMixing index: Int) -> Int { index + (hasAuxiliarySkips ? 2 : 1) }
  }

  /// One operation on one edge of one cell.
  package struct Mixing: Hashable, Sendable {
    /// From 0, over all stages.
    package var cell: Int
    package var edge: Int
    /// The number of the operation among ``CellOperation``'s cases.
    package var operation: Int

    package init(cell: Int, edge: Int, operation: Int) {
      self.cell = cell
      self.edge = edge
      self.operation = operation
    }
  }

  /// The graph for a batch of images `[channels, height, width]`.
  /// - Throws: `ShapeError` where the network does not fit the input.
  package func build(batch: Int, input: [Int]) throws(ShapeError) -> Result {
    var network = NetworkBuilder(name: "supernet")
    var mixing: [Mixing] = []
    var x = try network.input("input", [batch] + input)
    let auxiliary = hasAuxiliarySkips ? try network.input("auxiliary.weight", [batch, 1, 1, 1]) : nil
    x = try normalizedConvolution(x, channels, kernel: 3, in: &network, name: "stem")
    for stage in 0..<3 {
      if stage > 0 { x = try reduction(x, channels << stage, in: &network, name: "reduction\(stage)") }
      for cell in 0..<cells {
        x = try self.cell(
          x, number: stage * cells + cell, batch: batch, auxiliary: auxiliary, mixing: &mixing, in: &network,
          name: "stage\(stage + 1).cell\(cell + 1)")
      }
    }
    x = try network.apply(Unary(.relu), x, name: "last.relu")
    x = try network.globalAveragePooling(x, name: "avgpool")
    network.output("logits", try network.linear(x, classes, name: "classifier"))
    return Result(graph: network.graph, mixing: mixing, hasAuxiliarySkips: hasAuxiliarySkips)
  }

  private func cell(
    _ x: Value, number: Int, batch: Int, auxiliary: Value?, mixing: inout [Mixing],
    in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value {
    let nodeCount = CellEdge.nodes(ofEdges: isPresent.count)
    var nodes: [Value?] = [x]
    for target in 1..<nodeCount {
      var sum: Value?
      for (index, edge) in CellEdge.ofNodes(nodeCount).enumerated() where edge.to == target {
        guard let source = nodes[edge.from] else { continue }
        if let auxiliary {
          let place = "\(name).\(edge.from)-\(edge.to).auxiliary"
          let term = try network.apply(Binary(.multiply), source, auxiliary, name: place)
          sum = try network.sum(sum, term, name: "\(place).sum")
        }
        for (option, operation) in CellOperation.allCases.enumerated() where isPresent[index][option] {
          let place = "\(name).\(edge.from)-\(edge.to).\(operation.rawValue)"
          guard let y = try mixed(operation, source, in: &network, name: place) else { continue }
          let weight = try network.input("\(place).weight", [batch, 1, 1, 1])
          mixing.append(Mixing(cell: number, edge: index, operation: option))
          let term = try network.apply(Binary(.multiply), y, weight, name: "\(place).weighted")
          sum = try network.sum(sum, term, name: "\(place).sum")
        }
      }
      nodes.append(sum)
    }
    // A cell whose mixtures all came down to zero yields zero.
    if let output = nodes[nodeCount - 1] { return output }
    return try network.apply(Binary(.multiply), x, network.number(0, "\(name).zero"), name: "\(name).zero")
  }

  private func mixed(
    _ operation: CellOperation, _ x: Value, in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value? {
    switch operation {
    case .convolution1:
      try activatedConvolution(x, network.shape(x)[1], kernel: 1, in: &network, name: name)
    case .convolution3:
      try activatedConvolution(x, network.shape(x)[1], kernel: 3, in: &network, name: name)
    case .none, .skip, .averagePooling: try network.cellOperation(operation, x, name: name)
    }
  }

  private func reduction(
    _ x: Value, _ channels: Int, in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value {
    var y = try activatedConvolution(x, channels, kernel: 3, stride: 2, in: &network, name: "\(name).a")
    y = try activatedConvolution(y, channels, kernel: 3, in: &network, name: "\(name).b")
    let pooled = try network.apply(
      Pooling(.average(countsPadding: true), window: 2, stride: 2), x, name: "\(name).pool")
    let shortcut = try network.convolution(
      pooled, channels, kernel: 1, bias: false, name: "\(name).shortcut")
    return try network.apply(Binary(.add), y, shortcut, name: "\(name).add")
  }

  private func activatedConvolution(
    _ x: Value, _ channels: Int, kernel: Int, stride: Int = 1, in network: inout NetworkBuilder,
    name: String
  ) throws(ShapeError) -> Value {
    let active = try network.apply(Unary(.relu), x, name: "\(name).relu")
    return try normalizedConvolution(
      active, channels, kernel: kernel, stride: stride, in: &network, name: name)
  }

  private func normalizedConvolution(
    _ x: Value, _ channels: Int, kernel: Int, stride: Int = 1, in network: inout NetworkBuilder,
    name: String
  ) throws(ShapeError) -> Value {
    let y = try network.convolution(
      x, channels, kernel: kernel, stride: stride, bias: false, name: "\(name).conv")
    return try network.statisticsNormalization(y, name: name)
  }
}

extension NetworkBuilder {
  /// The sum so far and one more term.
  fileprivate mutating func sum(_ sum: Value?, _ term: Value, name: String) throws(ShapeError) -> Value {
    guard let sum else { return term }
    return try apply(Binary(.add), sum, term, name: name)
  }
}
