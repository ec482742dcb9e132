package import Graphs
package import Networks

/// The cells of DARTS by their edges, as a search network mixes them: an operation or none on each of two times 14 edges.
///
/// It holds all architectures of ``DARTSSpace``, in which two edges lead to each node, and others with more or fewer. Mixtures
/// stand for one of ``DARTSSpace``'s. Source: Liu, Simonyan and Yang 2019, arXiv:1806.09055, sections 2.1 and 2.4.
package struct DARTSEdgeSpace: OneShotSpace {
  /// Channels of the nodes of the first cells.
  package var channels: Int
  /// Normal cells in each of three stages; a reduction cell stands between two stages.
  package var cells: Int
  /// Extents of one image: `[channels, height, width]`.
  package var input: [Int]
  package var classes: Int

  package init(channels: Int = 16, cells: Int = 2, input: [Int] = [3, 32, 32], classes: Int = 10) {
    self.channels = channels
    self.cells = cells
    self.input = input
    self.classes = classes
  }

  package let name = "darts-edges"

  /// For each cell, node and state an operation; the first option is none.
  package var choices: [Choice] {
    ["normal", "reduction"].flatMap { cell in
      Self.edges.map { edge in
        Choice(
          "\(cell).\(edge.state)->\(edge.node + 2)", ["none"] + DARTSOperation.allCases.map(\.rawValue))
      }
    }
  }

  /// The edges of a cell in their order.
  private static let edges = (0..<DARTSSupernet.nodes).flatMap { node in
    (0..<2 + node).map { (node: node, state: $0) }
  }

  /// For each node its edges.
  private func nodes(_ options: ArraySlice<Int>) -> [[DARTSGenotype.Edge]] {
    var nodes: [[DARTSGenotype.Edge]] = Array(repeating: [], count: DARTSSupernet.nodes)
    for (edge, option) in zip(Self.edges, options) where option > 0 {
      nodes[edge.node].append(.init(DARTSOperation.allCases[option - 1], edge.state))
    }
    return nodes
  }

  private func cells(of architecture: Architecture) -> [[[DARTSGenotype.Edge]]] {
    [
      nodes(architecture.options[..<DARTSSupernet.edges]),
      nodes(architecture.options[DARTSSupernet.edges...]),
    ]
  }

  /// The architecture of published cells.
  package func architecture(_ genotype: DARTSGenotype) -> Architecture {
    var options = Array(repeating: 0, count: 2 * DARTSSupernet.edges)
    for (cell, edges) in [genotype.normal, genotype.reduction].enumerated() {
      for (index, edge) in edges.enumerated() {
        let place = cell * DARTSSupernet.edges + DARTSSupernet.edge(toNode: index / 2, from: edge.state)
        options[place] = 1 + (DARTSOperation.allCases.firstIndex(of: edge.operation) ?? 0)
      }
    }
    return Architecture(options)
  }

  package func text(of architecture: Architecture) -> String {
    cells(of: architecture).map(DARTSCell.text).joined(separator: " / ")
  }

  package func canonicalForm(of architecture: Architecture) -> String {
    cells(of: architecture).map(DARTSCell.canonicalForm).joined(separator: " / ")
  }

  package func network(_ architecture: Architecture, batch: Int) throws(ShapeError) -> Graph {
    let cells = cells(of: architecture)
    return try DARTSNetwork(
      normal: cells[0], reduction: cells[1], channels: channels, cells: 3 * self.cells + 2, classes: classes
    ).graph(name: "darts \(text(of: architecture))", batch: batch, input: input)
  }

  /// The cells that DARTS itself found.
  package var reference: Reference? {
    Reference(architecture(.darts), name: "the cells that DARTS found")
  }

  package func diagrams(of architecture: Architecture) -> [CellDiagram] {
    let cells = cells(of: architecture)
    return [
      DARTSCell.diagram(cells[0], title: "normal cell"),
      DARTSCell.diagram(cells[1], title: "reduction cell"),
    ]
  }

  package func searchNetwork(
    _ isPresent: [[Bool]], batch: Int, hasAuxiliarySkips: Bool
  ) throws(ShapeError) -> CellSupernet.Result {
    try DARTSSupernet(
      isPresent: isPresent, channels: channels, cells: 3 * cells + 2, classes: classes,
      hasAuxiliarySkips: hasAuxiliarySkips
    ).build(batch: batch, input: input)
  }

  /// The two edges to each node whose best operation beside none is strongest, with that operation.
  ///
  /// Whether zero may be kept does not matter: all other edges are none.
  package func architecture(of mixtures: [[Double]], keepsZero: Bool) -> Architecture {
    var options = Array(repeating: 0, count: mixtures.count)
    for cell in 0..<2 {
      for node in 0..<DARTSSupernet.nodes {
        let places = (0..<2 + node).map {
          cell * DARTSSupernet.edges + DARTSSupernet.edge(toNode: node, from: $0)
        }
        let best = places.map { place in
          (1..<mixtures[place].count).reduce(1) { mixtures[place][$1] > mixtures[place][$0] ? $1 : $0 }
        }
        // Of equally strong edges the earlier one.
        let order = places.indices.sorted {
          let (left, right) = (mixtures[places[$0]][best[$0]], mixtures[places[$1]][best[$1]])
          return left == right ? $0 < $1 : left > right
        }
        for index in order.prefix(2) { options[places[index]] = best[index] }
      }
    }
    return Architecture(options)
  }

  package func skipCount(of architecture: Architecture) -> Int {
    architecture.options.count { $0 > 0 && DARTSOperation.allCases[$0 - 1] == .skip }
  }

  package func zeroOption(ofChoice choice: Int) -> Int? { 0 }
}
