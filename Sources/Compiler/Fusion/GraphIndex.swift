import Graphs

/// Who uses what in a graph: consumers, dead nodes and values known before the run.
struct GraphIndex: Sendable {
  /// Consumers of each node's results, ascending, by node and result.
  private(set) var consumers: [[[Int]]]
  /// Consumers of each input.
  private(set) var inputConsumers: [[Int]]
  /// Whether a node's result reaches an output.
  private(set) var isLive: [Bool]
  /// Whether all operands of a node are known before the run, so that it never executes.
  private(set) var isFolded: [Bool]
  private var isOutput: Set<Value> = []
  /// Lengths of the results of folded nodes and constants do not matter to the machine; only their types do.
  private let graph: Graph

  /// Complexity: linear in nodes and operands.
  init(_ graph: Graph) {
    self.graph = graph
    let count = graph.nodes.count
    isLive = Array(repeating: false, count: count)
    isFolded = Array(repeating: false, count: count)
    consumers = graph.nodes.map { Array(repeating: [], count: $0.resultTypes.count) }
    inputConsumers = Array(repeating: [], count: graph.inputs.count)
    for output in graph.outputs {
      isOutput.insert(output.value)
      if case .node(let node, _) = output.value.source { isLive[node] = true }
    }
    for node in stride(from: count - 1, through: 0, by: -1) where isLive[node] {
      for operand in graph.nodes[node].operands {
        if case .node(let producer, _) = operand.source { isLive[producer] = true }
      }
    }
    for (position, node) in graph.nodes.enumerated() {
      isFolded[position] = node.operands.allSatisfy { operand in
        switch operand.source {
        case .constant: true
        case .input: false
        case .node(let producer, _): isFolded[producer]
        }
      }
      guard isLive[position], !isFolded[position] else { continue }
      for operand in node.operands {
        switch operand.source {
        case .constant: break
        case .input(let input):
          if inputConsumers[input].last != position { inputConsumers[input].append(position) }
        case .node(let producer, let result):
          if consumers[producer][result].last != position { consumers[producer][result].append(position) }
        }
      }
    }
  }

  /// Whether a value is known before the run.
  func isConstant(_ value: Value) -> Bool {
    switch value.source {
    case .constant: true
    case .input: false
    case .node(let node, _): isFolded[node]
    }
  }

  /// Whether a value leaves the graph.
  func isGraphOutput(_ value: Value) -> Bool { isOutput.contains(value) }

  func consumers(of value: Value) -> [Int] {
    switch value.source {
    case .constant: []
    case .input(let input): inputConsumers[input]
    case .node(let node, let result): consumers[node][result]
    }
  }

  /// Whether a value can only be computed after one of the nodes in `region`, the first of which is `first`.
  func depends(_ value: Value, on region: Set<Int>, first: Int) -> Bool {
    guard case .node(let start, _) = value.source, start > first else { return false }
    var visited: Set<Int> = []
    var stack = [start]
    while let node = stack.popLast() {
      if region.contains(node) { return true }
      guard visited.insert(node).inserted else { continue }
      for operand in graph.nodes[node].operands {
        if case .node(let producer, _) = operand.source, producer >= first { stack.append(producer) }
      }
    }
    return false
  }
}
