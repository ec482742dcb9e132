/// A part of an architecture as a picture: nodes in the order of computation, operations on the edges between them.
package struct CellDiagram: Hashable, Sendable {
  /// What kind of work an edge is; pictures tell them apart by colour.
  package enum Kind: String, Hashable, Sendable {
    /// The value is passed on as it is.
    case identity
    case pooling
    /// A product over channels, pixel by pixel.
    case pointwise
    case convolution
    /// A depthwise convolution and a product over channels, dilated or not.
    case separable
  }

  /// An operation from one node to a later one.
  package struct Edge: Hashable, Sendable {
    package var from: Int
    package var to: Int
    package var label: String
    package var kind: Kind

    package init(from: Int, to: Int, label: String, kind: Kind) {
      self.from = from
      self.to = to
      self.label = label
      self.kind = kind
    }
  }

  /// What the part is: "cell", "reduction cell".
  package var title: String
  package var nodes: [String]
  package var edges: [Edge]

  package init(title: String, nodes: [String], edges: [Edge]) {
    self.title = title
    self.nodes = nodes
    self.edges = edges
  }

  /// Whether an edge starts or ends at a node, or it is the first or the last.
  package func isJoined(_ node: Int) -> Bool {
    node == 0 || node == nodes.count - 1 || edges.contains { $0.from == node || $0.to == node }
  }

  /// The diagram without edges that lie on no way from the first node to the last.
  package var withoutDeadEdges: CellDiagram {
    var reached = Set([0])
    for node in nodes.indices where edges.contains(where: { $0.to == node && reached.contains($0.from) }) {
      reached.insert(node)
    }
    var needed = Set([nodes.count - 1])
    for node in nodes.indices.reversed()
    where edges.contains(where: { $0.from == node && needed.contains($0.to) }) {
      needed.insert(node)
    }
    var result = self
    result.edges = edges.filter { reached.contains($0.from) && needed.contains($0.to) }
    return result
  }
}
