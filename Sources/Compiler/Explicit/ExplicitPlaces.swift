import Graphs

/// Where the operands of explicitly mapped layers lie in main memory: the input first, then weights, output and biases,
/// each from a page on.
///
/// A compiler for RISC-V aligns arrays to a double word and no more: in the program that measures convolutions they
/// begin eight bytes into a line of the caches, so that a row of 64 bytes takes two lines. Arrays of matrix products are
/// declared as aligned (`row_align` of ucb-bar/gemmini-rocc-tests).
struct ExplicitPlaces: Hashable, Sendable {
  private let weightsPage: Int
  private let outputPage: Int
  private let biasPage: Int

  /// Places long enough for each of the layers; `bytes` of a count of operands.
  init(for layers: [ExplicitLayer], bytes: (Int) -> Int) {
    let page = 4096
    func longest(_ count: (ExplicitLayer) -> Int) -> Int {
      (layers.map { bytes(count($0)) + Self.offset(of: $0) }.max() ?? 0).roundedUp(to: page)
    }
    weightsPage = longest { $0.input.area * $0.extents[.inputChannel] }
    outputPage = weightsPage + longest(\.weightCount)
    biasPage = outputPage + longest { $0.extents[.row] * $0.extents[.column] * $0.extents[.outputChannel] }
  }

  private static func offset(of layer: ExplicitLayer) -> Int { layer.isProduct ? 0 : 8 }

  /// The first byte of an operand of a layer.
  func input(of layer: ExplicitLayer) -> Int { Self.offset(of: layer) }
  func weights(of layer: ExplicitLayer) -> Int { weightsPage + Self.offset(of: layer) }
  func output(of layer: ExplicitLayer) -> Int { outputPage + Self.offset(of: layer) }
  func bias(of layer: ExplicitLayer) -> Int { biasPage + Self.offset(of: layer) }
}
