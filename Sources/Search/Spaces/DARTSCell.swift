import Networks

/// A cell of DARTS as the edges of each of its nodes: how it is written, compared and drawn.
enum DARTSCell {
  /// "sep3:0 sep3:1 | skip:0 dil3:2 | …".
  static func text(_ nodes: [[DARTSGenotype.Edge]]) -> String {
    nodes.map { edges in edges.map { "\($0.operation.shortName):\($0.state)" }.joined(separator: " ") }
      .joined(separator: " | ")
  }

  /// The least of all texts that renumbering the nodes gives: the same for isomorphic cells only.
  ///
  /// - Complexity: all orders of the nodes are tried, 24 of four.
  static func canonicalForm(_ nodes: [[DARTSGenotype.Edge]]) -> String {
    orders(of: Array(nodes.indices)).compactMap { order -> String? in
      // order[new] is the old number of a node; a node must come behind what it reads.
      var numbers = [0, 1] + Array(repeating: 0, count: nodes.count)
      for (new, old) in order.enumerated() { numbers[2 + old] = 2 + new }
      var renumbered: [[DARTSGenotype.Edge]] = []
      for (new, old) in order.enumerated() {
        let edges = nodes[old].map { DARTSGenotype.Edge($0.operation, numbers[$0.state]) }
        guard edges.allSatisfy({ $0.state < 2 + new }) else { return nil }
        renumbered.append(
          edges.sorted { ($0.state, $0.operation.rawValue) < ($1.state, $1.operation.rawValue) })
      }
      return text(renumbered)
    }.min() ?? ""
  }

  private static func orders(of rest: [Int]) -> [[Int]] {
    guard !rest.isEmpty else { return [[]] }
    return rest.flatMap { first in orders(of: rest.filter { $0 != first }).map { [first] + $0 } }
  }

  /// Two inputs, and the nodes, all of which go to the cell's result.
  static func diagram(_ nodes: [[DARTSGenotype.Edge]], title: String) -> CellDiagram {
    CellDiagram(
      title: title, nodes: ["a", "b"] + nodes.indices.map { "\($0)" },
      edges: nodes.enumerated().flatMap { node, edges in
        edges.map { edge in
          CellDiagram.Edge(
            from: edge.state, to: 2 + node, label: edge.operation.shortName, kind: edge.operation.kind)
        }
      })
  }
}

extension DARTSGenotype {
  /// The edges of each node of the normal and of the reduction cell.
  var cells: [[[Edge]]] {
    [normal, reduction].map { edges in
      stride(from: 0, to: edges.count, by: 2).map { Array(edges[$0..<$0 + 2]) }
    }
  }
}

extension DARTSOperation {
  fileprivate var kind: CellDiagram.Kind {
    switch self {
    case .maximumPooling, .averagePooling: .pooling
    case .skip: .identity
    case .separable3, .separable5, .dilated3, .dilated5: .separable
    }
  }
}
