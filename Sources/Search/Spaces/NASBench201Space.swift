package import Graphs
import Networks

/// The cells of NAS-Bench-201: four nodes, each pair joined by one of five operations; 15,625 architectures.
///
/// Source: Dong and Yang 2020, arXiv:2001.00326.
package struct NASBench201Space: SearchSpace {
  /// Channels of the first stage.
  package var channels: Int
  /// Cells of each of the three stages.
  package var cells: Int
  /// Extents of one image: `[channels, height, width]`.
  package var input: [Int]
  package var classes: Int
  /// Nodes of a cell; the benchmark has 4.
  package var nodes: Int
  /// Whether operations whose results reach no output are part of the network, as in the benchmark's own counts.
  package var keepsDeadOperations: Bool

  package init(
    channels: Int = 16, cells: Int = 5, input: [Int] = [3, 32, 32], classes: Int = 10, nodes: Int = 4,
    keepsDeadOperations: Bool = false
  ) {
    self.channels = channels
    self.cells = cells
    self.input = input
    self.classes = classes
    self.nodes = nodes
    self.keepsDeadOperations = keepsDeadOperations
  }

  package let name = "nas-bench-201"
  package var choices: [Choice] {
    edges.map { Choice("\($0.from)->\($0.to)", CellOperation.allCases.map(\.rawValue)) }
  }

  private var edges: [CellEdge] { CellEdge.ofNodes(nodes) }

  /// Six digits, the operations of the edges 0→1, 0→2, 1→2, 0→3, 1→3, 2→3; three for three nodes.
  package func text(of architecture: Architecture) -> String {
    architecture.options.map(String.init).joined()
  }

  /// The architecture of such digits, or nil where it is none.
  package func architecture(_ code: some StringProtocol) -> Architecture? {
    let result = Architecture(code.compactMap(\.wholeNumberValue))
    return code.count == choices.count && contains(result) ? result : nil
  }

  package func network(_ architecture: Architecture, batch: Int) throws(ShapeError) -> Graph {
    let network = CellNetwork(
      operations: architecture.options.map { CellOperation.allCases[$0] }, channels: channels, cells: cells,
      classes: classes, computesZeros: keepsDeadOperations)
    let graph = try network.graph(
      name: "nas-bench-201 \(text(of: architecture))", batch: batch, input: input)
    return keepsDeadOperations ? graph : try DeadNodeElimination().applied(to: graph)
  }

  /// What the output node computes, as a sum of paths: skips are passed through, zeros left out, sums sorted.
  ///
  /// The space has 4,930 of them; the published classes of isomorphism, ``publishedClass(of:)``, are finer.
  package func canonicalForm(of architecture: Architecture) -> String {
    // The terms of each node's sum; an empty sum is zero.
    var nodes: [[String]] = [["x"]]
    for target in 1..<self.nodes {
      var terms: [String] = []
      for (edge, option) in zip(edges, architecture.options) where edge.to == target {
        let source = nodes[edge.from]
        switch CellOperation.allCases[option] {
        case .none: break
        case .skip: terms += source
        case let operation:
          if !source.isEmpty { terms.append("\(operation.rawValue)(\(source.joined(separator: "+")))") }
        }
      }
      nodes.append(terms.sorted())
    }
    let output = nodes[self.nodes - 1]
    return output.isEmpty ? "0" : output.joined(separator: "+")
  }

  /// The text whose 6,466 values are the classes that the benchmark's authors publish.
  ///
  /// It tells apart cells which differ only in where a zero or a sum is written. Source: NAS-Bench-201, section 2.
  package func publishedClass(of architecture: Architecture) -> String {
    var nodes = ["0"]
    for target in 1..<self.nodes {
      var terms: [String] = []
      for (edge, option) in zip(edges, architecture.options) where edge.to == target {
        switch CellOperation.allCases[option] {
        case .none: terms.append("#")
        case .skip: terms.append(nodes[edge.from])
        case let operation:
          terms.append(nodes[edge.from] == "#" ? "#" : "(\(nodes[edge.from]))@\(operation.rawValue)")
        }
      }
      nodes.append(terms.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined(separator: "+"))
    }
    return nodes[self.nodes - 1]
  }
}
