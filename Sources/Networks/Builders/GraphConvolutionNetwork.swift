import Graphs

/// A graph convolution network: products with weights, then sums over the neighbours of each node.
///
/// Inputs are the features `[batch, nodes, features]` and the edges: where they come from, where they lead, and their
/// weights (1/√(degrees of both ends), self-loops among them). Output: classes of all nodes of all graphs in a row.
/// Source: Kipf and Welling 2017, arXiv:1609.02907, equation 9.
struct GraphConvolutionNetwork: NetworkArchitecture {
  var edges: Int
  var hidden: Int
  var classes: Int

  /// Of the size of the citation graph Cora: 10,556 directed edges and a self-loop for each of 2,708 nodes.
  static let cora = GraphConvolutionNetwork(edges: 10_556 + 2_708, hidden: 256, classes: 7)

  var inputAxes: [String] { ["nodes", "features"] }

  func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    var x = try network.input("features", [batch] + input)
    let sources = try network.input("edges.sources", [edges], .int64)
    let targets = try network.input("edges.targets", [edges], .int64)
    let weights = try network.reshape(
      try network.input("edges.weights", [edges]), [edges, 1], name: "edges.column")
    for (layer, width) in [hidden, classes].enumerated() {
      let name = "conv\(layer + 1)"
      x = try network.linear(x, width, bias: false, name: "\(name).lin")
      let neighbours = try network.apply(Gather(axis: 1), x, sources, name: "\(name).neighbours")
      let messages = try network.apply(Binary(.multiply), neighbours, weights, name: "\(name).messages")
      x = try network.apply(ScatterSum(axis: 1, extent: input[0]), targets, messages, name: "\(name).sum")
      x = try network.apply(
        Binary(.add), x, network.parameter("\(name).bias", [width]), name: "\(name).bias")
      if layer == 0 { x = try network.apply(Unary(.relu), x, name: "relu") }
    }
    network.output("logits", try network.reshape(x, [batch * input[0], classes], name: "nodes"))
  }
}
