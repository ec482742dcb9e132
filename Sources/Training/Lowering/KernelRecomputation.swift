import Graphs

/// Runs parts of the forward pass again when gradients read what they made, so that less is alive at once.
///
/// A large result that is read early and again much later is thrown away in between, unless more than `depth` kernels in a
/// row would have to run again for it: such results are the checkpoints that others start from. The arithmetic is the same,
/// so is what comes out.
/// Source: Chen et al. 2016, arXiv:1604.06174, section 4: about √n of n layers kept make the least memory.
struct KernelRecomputation: GraphPass {
  static let name = "kernel-recomputation"
  /// Kernels that may run again in a row; 0 for element-wise loops and views only.
  var depth: Int

  /// From the one that costs least time to the one that needs least memory in most networks.
  static let depths = [0, 1, 2, 4, 8, 16]

  /// Smaller tensors are kept.
  private static let smallest = 4096
  /// Nodes between two reads that make the second one late.
  private static let gap = 64

  func applied(to graph: Graph) throws(ShapeError) -> Graph {
    let choice = Choice(graph, depth: depth, smallest: Self.smallest, gap: Self.gap)
    guard choice.isChosen.contains(true) else { return graph }
    var copy = Graph(
      name: graph.name, inputs: graph.inputs, constants: graph.constants, nodes: [], outputs: [])
    var replacements: [[Value]] = []
    var clones: [Value?] = graph.nodes.map { _ in nil }
    func replaced(_ value: Value) -> Value {
      guard case .node(let index, let result) = value.source else { return value }
      return replacements[index][result]
    }
    // An explicit stack: parts that run again may be long.
    func clone(_ wanted: Int) throws(ShapeError) -> Value {
      var open = [wanted]
      while let index = open.last {
        if clones[index] == nil {
          let missing = choice.clonedOperands(of: index, in: graph).filter { clones[$0] == nil }
          guard missing.isEmpty else {
            open += missing
            continue
          }
          let again = Set(choice.clonedOperands(of: index, in: graph))
          let node = graph.nodes[index]
          let operands = node.operands.map { operand in
            if case .node(let source, _) = operand.source, again.contains(source), let value = clones[source]
            {
              return value
            }
            return replaced(operand)
          }
          clones[index] = try copy.addNode(node.primitive, operands, name: node.name)[0]
        }
        open.removeLast()
      }
      guard let value = clones[wanted] else { return replaced(Value(.node(wanted, result: 0))) }
      return value
    }
    for (index, node) in graph.nodes.enumerated() {
      var operands: [Value] = []
      for operand in node.operands {
        if case .node(let source, _) = operand.source, choice.isChosen[source],
          index >= choice.firstLateReader[source]
        {
          operands.append(try clone(source))
        } else {
          operands.append(replaced(operand))
        }
      }
      replacements.append(try copy.addNode(node.primitive, operands, name: node.name))
    }
    copy.outputs = graph.outputs.map { Graph.Output(name: $0.name, value: replaced($0.value)) }
    return copy
  }
}

/// Which results are computed again for their late readers.
private struct Choice {
  private(set) var isChosen: [Bool]
  /// The first reader behind the longest pause of each node's readers; the largest integer where no pause is long.
  private(set) var firstLateReader: [Int]
  private let isLarge: [Bool]

  init(_ graph: Graph, depth: Int, smallest: Int, gap: Int) {
    let count = graph.nodes.count
    isLarge = graph.nodes.map { $0.resultTypes[0].count >= smallest }
    isChosen = Array(repeating: false, count: count)
    firstLateReader = Array(repeating: .max, count: count)
    var last = Array(0..<count)
    var pause = Array(repeating: 0, count: count)
    for (index, node) in graph.nodes.enumerated() {
      for operand in node.operands {
        guard case .node(let source, _) = operand.source, last[source] != index else { continue }
        if index - last[source] > max(pause[source], gap) {
          pause[source] = index - last[source]
          firstLateReader[source] = index
        }
        last[source] = index
      }
    }
    var isOutput = Array(repeating: false, count: count)
    for output in graph.outputs {
      if case .node(let source, _) = output.value.source { isOutput[source] = true }
    }
    // Kernels in a row that have to run again for each node.
    var cost = Array(repeating: 0, count: count)
    for (index, node) in graph.nodes.enumerated() {
      guard node.resultTypes.count == 1, !isOutput[index], isLarge[index], !Fusion.isReduction(node) else {
        cost[index] = .max
        continue
      }
      let isKernel = Fusion.space(of: node, in: graph) == nil && !node.primitive.isView
      var deepest = 0
      for source in clonedOperands(of: index, in: graph) { deepest = max(deepest, cost[source]) }
      cost[index] = deepest == .max ? .max : deepest + (isKernel ? 1 : 0)
      isChosen[index] = firstLateReader[index] != .max && cost[index] <= depth
    }
  }

  /// The nodes that have to run again for a node to do so: large operands that are not kept.
  func clonedOperands(of index: Int, in graph: Graph) -> [Int] {
    graph.nodes[index].operands.compactMap { operand in
      guard case .node(let source, _) = operand.source, isLarge[source],
        isChosen[source] || firstLateReader[source] == .max
      else { return nil }
      return source
    }
  }
}
