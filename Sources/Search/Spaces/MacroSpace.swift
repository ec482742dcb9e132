package import Graphs
import Networks

/// Networks of inverted residual blocks in three stages, with a depth, a width, a kernel and an expansion for each.
///
/// 3 × 4 × 2 × 3 kinds of stage: 373,248 architectures. What is chosen is that of Tan et al. 2019 (MnasNet),
/// arXiv:1807.11626, section 4.1.
package struct MacroSpace: SearchSpace {
  /// Channels of the first stage at a width of 1; each later one has twice as many.
  package var channels: Int
  /// The fewest blocks of a stage; it may have up to two more.
  package var cells: Int
  /// Extents of one image: `[channels, height, width]`.
  package var input: [Int]
  package var classes: Int

  package init(channels: Int = 16, cells: Int = 1, input: [Int] = [3, 32, 32], classes: Int = 10) {
    self.channels = channels
    self.cells = cells
    self.input = input
    self.classes = classes
  }

  package let name = "macro"

  private static let stages = 3
  /// Widths in quarters of ``channels``.
  private static let widths = [2, 3, 4, 6]
  private static let kernels = [3, 5]
  private static let expansions = [1, 3, 6]

  package var choices: [Choice] {
    (1...Self.stages).flatMap { stage in
      [
        Choice("stage\(stage).depth", (0..<3).map { "\(cells + $0)" }),
        Choice("stage\(stage).width", Self.widths.map { "\(width($0, stage: stage - 1))" }),
        Choice("stage\(stage).kernel", Self.kernels.map { "\($0)" }),
        Choice("stage\(stage).expansion", Self.expansions.map { "\($0)" }),
      ]
    }
  }

  private func width(_ quarters: Int, stage: Int) -> Int { max(1, (channels << stage) * quarters / 4) }

  private func stages(of architecture: Architecture) -> [MobileNetwork.Stage] {
    (0..<Self.stages).map { stage in
      let options = architecture.options[4 * stage..<4 * stage + 4].map(\.self)
      return MobileNetwork.Stage(
        depth: cells + options[0], channels: width(Self.widths[options[1]], stage: stage),
        kernel: Self.kernels[options[2]], expansion: Self.expansions[options[3]])
    }
  }

  /// "2×16k3e6 1×32k5e3 3×64k3e1": blocks, channels, kernel and expansion of each stage.
  package func text(of architecture: Architecture) -> String {
    stages(of: architecture).map { "\($0.depth)×\($0.channels)k\($0.kernel)e\($0.expansion)" }
      .joined(separator: " ")
  }

  /// All architectures of the space compute different functions.
  package func canonicalForm(of architecture: Architecture) -> String { text(of: architecture) }

  package func network(_ architecture: Architecture, batch: Int) throws(ShapeError) -> Graph {
    try MobileNetwork(stages: stages(of: architecture), stem: channels, classes: classes).graph(
      name: "macro \(text(of: architecture))", batch: batch, input: input)
  }

  /// Two more blocks than the fewest, width 1, kernels of 3 × 3 and sixfold expansion, as in MobileNetV2.
  package var reference: Reference? {
    Reference(
      Architecture(Array(repeating: [2, 2, 0, 2], count: Self.stages).flatMap(\.self)),
      name: "blocks as in MobileNetV2")
  }

  /// The chain of blocks; a node says how many channels there are.
  package func diagrams(of architecture: Architecture) -> [CellDiagram] {
    var diagram = CellDiagram(title: "blocks", nodes: ["\(channels)"], edges: [])
    for stage in stages(of: architecture) {
      for _ in 0..<stage.depth {
        diagram.nodes.append("\(stage.channels)")
        diagram.edges.append(
          CellDiagram.Edge(
            from: diagram.nodes.count - 2, to: diagram.nodes.count - 1,
            label: "k\(stage.kernel) e\(stage.expansion)", kind: .separable))
      }
    }
    return [diagram]
  }
}
