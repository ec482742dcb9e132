import Graphs

/// Something for each value of a graph, found by its place instead of by hashing.
struct ValueTable<Element> {
  private let inputCount: Int
  /// The place of each node's first result.
  private let firsts: [Int]
  private var elements: [Element?]

  init(_ graph: Graph) {
    inputCount = graph.inputs.count
    var place = graph.inputs.count + graph.constants.count
    firsts = graph.nodes.map { node in
      defer { place += node.resultTypes.count }
      return place
    }
    elements = Array(repeating: nil, count: place)
  }

  private func place(_ value: Value) -> Int {
    switch value.source {
    case .input(let index): index
    case .constant(let index): inputCount + index
    case .node(let index, let result): firsts[index] + result
    }
  }

  subscript(value: Value) -> Element? {
    get { elements[place(value)] }
    set { elements[place(value)] = newValue }
  }
}
