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
    let genotype = genotype(of: architecture)
    return [genotype.normal, genotype.reduction].map { edges in
      (0..<Self.nodes).map { node in
        edges[2 * node..<2 * node + 2].map { "\($0.operation.shortName):\($0.state)" }.joined(separator: " ")
      }.joined(separator: " | ")
    }.joined(separator: " / ")
  }

  package func network(_ architecture: Architecture, batch: Int) throws(ShapeError) -> Graph {
    try DARTSNetwork(
      genotype(of: architecture), channels: channels, cells: 3 * cells + 2, classes: classes
    ).graph(name: "darts \(text(of: architecture))", batch: batch, input: input)
  }

  /// The least of all texts that renumbering the nodes of either cell gives: the same for isomorphic cells only.
  ///
  /// Networks of isomorphic cells compute the same functions: a cell's nodes stand side by side in its result, and the next
  /// cell's weights follow their order.
  package func canonicalForm(of architecture: Architecture) -> String {
    let genotype = genotype(of: architecture)
    return "\(Self.canonicalForm(of: genotype.normal)) / \(Self.canonicalForm(of: genotype.reduction))"
  }

  private static func canonicalForm(of edges: [DARTSGenotype.Edge]) -> String {
    orders.compactMap { order -> String? in
      // order[new] is the old number of a node; a node must come behind what it reads.
      var numbers = [0, 1] + Array(repeating: 0, count: nodes)
      for (new, old) in order.enumerated() { numbers[2 + old] = 2 + new }
      var terms: [String] = []
      for (new, old) in order.enumerated() {
        let pair = edges[2 * old..<2 * old + 2].map { (numbers[$0.state], $0.operation.shortName) }
        guard pair.allSatisfy({ $0.0 < 2 + new }) else { return nil }
        terms.append(pair.sorted { $0 < $1 }.map { "\($0.1):\($0.0)" }.joined(separator: " "))
      }
      return terms.joined(separator: " | ")
    }.min() ?? ""
  }

  /// All orders of the nodes.
  private static let orders: [[Int]] = {
    func orders(of rest: [Int]) -> [[Int]] {
      guard !rest.isEmpty else { return [[]] }
      return rest.flatMap { first in orders(of: rest.filter { $0 != first }).map { [first] + $0 } }
    }
    return orders(of: Array(0..<nodes))
  }()

  /// The cells that DARTS itself found.
  package var reference: Reference? {
    architecture(.darts).map { Reference($0, name: "the cells that DARTS found") }
  }

  /// Both cells; each node's result goes to the output.
  package func diagrams(of architecture: Architecture) -> [CellDiagram] {
    let genotype = genotype(of: architecture)
    return [("normal cell", genotype.normal), ("reduction cell", genotype.reduction)].map { title, edges in
      let names = ["a", "b"] + (0..<Self.nodes).map { "\($0)" }
      return CellDiagram(
        title: title, nodes: names,
        edges: edges.enumerated().map { index, edge in
          CellDiagram.Edge(
            from: edge.state, to: 2 + index / 2, label: edge.operation.shortName, kind: edge.operation.kind)
        })
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
