import Networks

extension NASBench201Space {
  /// The cell that makes a residual network of the space, as the benchmark's authors write it.
  package var reference: Reference? {
    Reference(Architecture([3, 1, 3, 1, 1, 1]), name: "the residual cell")
  }

  /// The cell, without zeros and what reaches no output.
  package func diagrams(of architecture: Architecture) -> [CellDiagram] {
    let edges = zip(CellEdge.ofFourNodes, architecture.options).compactMap { edge, option in
      let (label, kind): (String, CellDiagram.Kind)
      switch CellOperation.allCases[option] {
      case .none: return nil as CellDiagram.Edge?
      case .skip: (label, kind) = ("skip", .identity)
      case .convolution1: (label, kind) = ("conv 1×1", .pointwise)
      case .convolution3: (label, kind) = ("conv 3×3", .convolution)
      case .averagePooling: (label, kind) = ("avg 3×3", .pooling)
      }
      return CellDiagram.Edge(from: edge.from, to: edge.to, label: label, kind: kind)
    }
    let cell = CellDiagram(title: "cell", nodes: ["in", "1", "2", "out"], edges: edges)
    return [cell.withoutDeadEdges]
  }
}
