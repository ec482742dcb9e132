import Graphs

/// What can be counted of a network without any machine.
struct NetworkFeatures: Hashable, Sendable {
  var denseMACs = 0.0
  var depthwiseMACs = 0.0
  var parameters = 0.0
  /// Elements of the inputs and results of all matrix products and convolutions.
  var activations = 0.0
  /// Multiply-accumulates, operand and result elements of each matrix product and convolution.
  var products: [(macs: Double, elements: Double)] {
    zip(productMACs, productElements).map { ($0, $1) }
  }
  private var productMACs: [Double] = []
  private var productElements: [Double] = []

  init(_ graph: Graph) {
    parameters = Double(graph.parameterCount)
    for node in graph.nodes {
      for work in graph.work(of: node) where work.macs > 0 {
        let macs = Double(work.macs)
        if work.isDepthwise { depthwiseMACs += macs } else { denseMACs += macs }
        let results = node.resultTypes.reduce(0.0) { $0 + Double($1.count) }
        let operands = node.operands.map { Double(graph.type(of: $0).count) }
        activations += (operands.first ?? 0) + results
        productMACs.append(macs)
        productElements.append(operands.reduce(results, +))
      }
    }
  }
}
