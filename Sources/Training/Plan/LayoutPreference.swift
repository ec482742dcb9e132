import Graphs

/// The layouts that kernels want of inputs and constants, so that these need not be copied at each run.
struct LayoutPreference {
  /// The order of the axes of values that have a preference.
  private(set) var orders: ValueTable<[Int]>

  init(_ graph: Graph) {
    orders = ValueTable(graph)
    for (index, node) in graph.nodes.enumerated() {
      let result = Value(.node(index, result: 0))
      switch node.primitive {
      case is Convolution, is FinishedConvolution, is ConvolutionInputGradient, is ConvolutionWeightGradient:
        let rank = node.resultTypes[0].rank
        for operand in node.operands where orders[operand] == nil && graph.type(of: operand).rank == rank {
          orders[operand] = channelsLast(rank)
        }
        orders[result] = channelsLast(rank)
        preferDepthwise(node, result, graph)
      case is Pooling, is AveragePoolingGradient, is MaximumPoolingGradient, is MaximumPoolingSelection:
        let order = channelsLast(node.resultTypes[0].rank)
        for operand in node.operands where orders[operand] == nil { orders[operand] = order }
        orders[result] = order
      case is Unary, is Binary, is Select:
        let shape = node.resultTypes[0].shape
        let source = node.operands.first { graph.type(of: $0).shape == shape && orders[$0] != nil }
        orders[result] = source.flatMap { orders[$0] }
      default: break
      }
    }
    // What meets a value of some layout in loops, such as a momentum and its weight, takes the same.
    for (index, node) in graph.nodes.enumerated().reversed()
    where node.primitive is Binary || node.primitive is Unary {
      guard let order = orders[Value(.node(index, result: 0))] else { continue }
      for operand in node.operands
      where orders[operand] == nil && graph.type(of: operand).shape == node.resultTypes[0].shape {
        orders[operand] = order
      }
    }
  }

  /// Depthwise weights want their taps first.
  private mutating func preferDepthwise(_ node: Node, _ result: Value, _ graph: Graph) {
    func isDepthwise(_ groups: Int, _ weights: [Int]) -> Bool {
      groups > 1 && weights[0] == groups && weights[1] == 1
    }
    func tapsFirst(_ rank: Int) -> [Int] { Array(2..<rank) + [1, 0] }
    switch (node.primitive as? FinishedConvolution)?.convolution ?? node.primitive {
    case let convolution as Convolution:
      let weights = graph.type(of: node.operands[1]).shape
      if isDepthwise(convolution.groups, weights) { orders[node.operands[1]] = tapsFirst(weights.count) }
    case let gradient as ConvolutionWeightGradient:
      let weights = node.resultTypes[0].shape
      if isDepthwise(gradient.groups, weights) { orders[result] = tapsFirst(weights.count) }
    default: break
    }
  }
}
