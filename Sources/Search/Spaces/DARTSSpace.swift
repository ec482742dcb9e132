package import Graphs
package import Networks

/// The cells of DARTS: four nodes, each of which adds two operations on states before it; about 10¹⁸ architectures.
///
/// A normal and a reduction cell are chosen: for each node a pair of different states and an operation on either. Source:
/// Liu, Simonyan and Yang 2019, arXiv:1806.09055, section 3.1.1.
package struct DARTSSpace: SearchSpace {
  /// Channels of the nodes of the first cells.
  package var channels: Int
  /// Normal cells in each of three stages; a reduction cell stands between two stages.
  package var cells: Int
  /// Extents of one image: `[channels, height, width]`.
  package var input: [Int]
  package var classes: Int

  static let nodes = 4

  package init(channels: Int = 36, cells: Int = 6, input: [Int] = [3, 32, 32], classes: Int = 10) {
    self.channels = channels
    self.cells = cells
    self.input = input
    self.classes = classes
  }

  package let name = "darts"

  /// All pairs of states that a node may read, the earlier first: 1, 3, 6 and 10 for the four nodes.
  static func pairs(ofNode node: Int) -> [(first: Int, second: Int)] {
    (1..<2 + node).flatMap { second in (0..<second).map { ($0, second) } }
  }

  /// For each cell and node: the pair of states, the operation on its first, and the operation on its second.
  package var choices: [Choice] {
    ["normal", "reduction"].flatMap { cell in
      (0..<Self.nodes).flatMap { node in
        let operations = DARTSOperation.allCases.map(\.rawValue)
        return [
          Choice("\(cell).\(node).states", Self.pairs(ofNode: node).map { "\($0.first)+\($0.second)" }),
          Choice("\(cell).\(node).first", operations), Choice("\(cell).\(node).second", operations),
        ]
      }
    }
  }

  /// The cells as they are published.
  package func genotype(of architecture: Architecture) -> DARTSGenotype {
    func edges(_ options: ArraySlice<Int>) -> [DARTSGenotype.Edge] {
      let options = Array(options)
      return (0..<Self.nodes).flatMap { node in
        let pair = Self.pairs(ofNode: node)[options[3 * node]]
        return [
          DARTSGenotype.Edge(DARTSOperation.allCases[options[3 * node + 1]], pair.first),
          DARTSGenotype.Edge(DARTSOperation.allCases[options[3 * node + 2]], pair.second),
        ]
      }
    }
    let half = 3 * Self.nodes
    return DARTSGenotype(
      normal: edges(architecture.options[..<half]), reduction: edges(architecture.options[half...]))
  }

  /// The architecture of published cells, or nil where a node reads one state twice or one behind it.
  package func architecture(_ genotype: DARTSGenotype) -> Architecture? {
    var options: [Int] = []
    for edges in [genotype.normal, genotype.reduction] {
      guard edges.count == 2 * Self.nodes else { return nil }
      for node in 0..<Self.nodes {
        let pair = edges[2 * node..<2 * node + 2].sorted { $0.state < $1.state }
        let place = Self.pairs(ofNode: node).firstIndex {
          $0.first == pair[0].state && $0.second == pair[1].state
        }
        guard let place else { return nil }
        options.append(place)
        for edge in pair { options.append(DARTSOperation.allCases.firstIndex(of: edge.operation) ?? 0) }
      }
    }
    return Architecture(options)
  }

  /// "sep3:0 sep3:1 | skip:0 dil3:2 | … / …": the nodes of the normal cell, then those of the reduction cell.
  package func text(of architecture: Architecture) -> String {
    genotype(of: architecture).cells.map(DARTSCell.text).joined(separator: " / ")
  }

  package func network(_ architecture: Architecture, batch: Int) throws(ShapeError) -> Graph {
    let cells = genotype(of: architecture).cells
    return try DARTSNetwork(
      normal: cells[0], reduction: cells[1], channels: channels, cells: 3 * self.cells + 2, classes: classes
    ).graph(name: "darts \(text(of: architecture))", batch: batch, input: input)
  }

  /// The least of all texts that renumbering the nodes of either cell gives: the same for isomorphic cells only.
  ///
  /// Networks of isomorphic cells compute the same functions: a cell's nodes stand side by side in its result, and the next
  /// cell's weights follow their order.
  package func canonicalForm(of architecture: Architecture) -> String {
    genotype(of: architecture).cells.map(DARTSCell.canonicalForm).joined(separator: " / ")
  }

  /// The cells that DARTS itself found.
  package var reference: Reference? {
    architecture(.darts).map { Reference($0, name: "the cells that DARTS found") }
  }

  /// Both cells; each node's result goes to the output.
  package func diagrams(of architecture: Architecture) -> [CellDiagram] {
    let cells = genotype(of: architecture).cells
    return [
      DARTSCell.diagram(cells[0], title: "normal cell"),
      DARTSCell.diagram(cells[1], title: "reduction cell"),
    ]
  }
}
