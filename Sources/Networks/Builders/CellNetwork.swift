package import Graphs

/// The network of NAS-Bench-201 around a cell: a stem, three stages of equal cells, residual blocks of stride 2 between.
///
/// Source: Dong and Yang 2020, arXiv:2001.00326, section 2.1.
package struct CellNetwork: NetworkArchitecture {
  /// One operation for each edge of a cell, by target node, then by source: 6 for four nodes.
  package var operations: [CellOperation]
  /// Channels of the first stage; each later one has twice as many.
  package var channels: Int
  /// Cells of each stage.
  package var cells: Int
  package var classes: Int
  /// Whether operations on a node that nothing reaches are part of the network, as in the benchmark's own counts.
  package var computesZeros: Bool

  package init(
    operations: [CellOperation], channels: Int = 16, cells: Int = 5, classes: Int = 10,
    computesZeros: Bool = false
  ) {
    self.operations = operations
    self.channels = channels
    self.cells = cells
    self.classes = classes
    self.computesZeros = computesZeros
  }

  /// The inference graph.
  /// - Throws: `ShapeError` where the network does not fit the input.
  package func graph(name: String, batch: Int, input: [Int]) throws(ShapeError) -> Graph {
    var network = NetworkBuilder(name: name)
    try build(in: &network, batch: batch, input: input)
    return network.graph
  }

  package func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    var x = try network.input("input", [batch] + input)
    x = try network.convolution(x, channels, kernel: 3, bias: false, name: "stem.conv")
    x = try network.batchNormalization(x, name: "stem.bn")
    for stage in 0..<3 {
      if stage > 0 { x = try reduction(x, channels << stage, in: &network, name: "reduction\(stage)") }
      for cell in 0..<cells {
        x = try self.cell(x, in: &network, name: "stage\(stage + 1).cell\(cell + 1)")
      }
    }
    x = try network.batchNormalization(x, name: "last.bn")
    x = try network.apply(Unary(.relu), x, name: "last.relu")
    x = try network.globalAveragePooling(x, name: "avgpool")
    network.output("logits", try network.linear(x, classes, name: "classifier"))
  }

  /// A cell whose nodes are the sums of their edges; a node that nothing reaches is zero.
  private func cell(
    _ x: Value, in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value {
    let nodeCount = CellEdge.nodes(ofEdges: operations.count)
    var nodes: [Value?] = [x]
    for target in 1..<nodeCount {
      var sum: Value?
      for (edge, operation) in zip(CellEdge.ofNodes(nodeCount), operations) where edge.to == target {
        guard
          let source = nodes[edge.from],
          let term = try network.cellOperation(operation, source, name: "\(name).\(edge.from)-\(edge.to)")
        else { continue }
        sum =
          try sum.map { (sum) throws(ShapeError) in
            try network.apply(Binary(.add), sum, term, name: "\(name).node\(target).\(edge.from)")
          } ?? term
      }
      // The output has to be something even where no path leads to it.
      if sum == nil, computesZeros || target == nodeCount - 1 {
        let zero = network.number(0, "\(name).zero\(target)")
        sum = try network.apply(Binary(.multiply), x, zero, name: "\(name).zero\(target)")
      }
      nodes.append(sum)
    }
    return nodes[nodeCount - 1] ?? x
  }

  /// Two 3 × 3 convolutions, the first of stride 2, beside a mean over 2 × 2 pixels and a 1 × 1 convolution.
  private func reduction(
    _ x: Value, _ channels: Int, in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value {
    var y = try network.cellConvolution(x, channels, kernel: 3, stride: 2, name: "\(name).a")
    y = try network.cellConvolution(y, channels, kernel: 3, name: "\(name).b")
    let pooled = try network.apply(
      Pooling(.average(countsPadding: true), window: 2, stride: 2, padding: 0, ceilMode: false), x,
      name: "\(name).pool")
    let shortcut = try network.convolution(
      pooled, channels, kernel: 1, bias: false, name: "\(name).shortcut")
    return try network.apply(Binary(.add), y, shortcut, name: "\(name).add")
  }
}

extension CellEdge {
  /// The nodes of a cell with `count` edges: 4 for 6.
  static func nodes(ofEdges count: Int) -> Int {
    var nodes = 2
    while nodes * (nodes - 1) / 2 < count { nodes += 1 }
    return nodes
  }
}
