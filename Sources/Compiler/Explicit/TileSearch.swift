import Graphs
import Hardware

/// How long Gemmini's software looks for the tile sizes of a convolution: the tilings that it tries.
///
/// The host searches in the time that a layer takes (`tiled_conv_auto` of ucb-bar/gemmini-rocc-tests,
/// include/gemmini.h). From the whole layer it makes the largest size smaller, channels by a row of the array, until
/// input and weights fit into half of the scratchpad and the sums into half of the accumulators; then it makes sizes
/// larger by one, in turn, as long as anything fits. Channels that were cut too far come back one by one: hundreds of
/// tries for a layer of many channels.
struct TileSearch {
  /// Output rows and columns, output channels, kernel rows and columns, input channels.
  private typealias Sizes = [Int]

  private static let loops: [LoopIndex] = [
    .row, .column, .outputChannel, .kernelRow, .kernelColumn, .inputChannel,
  ]
  private static let column = 1

  private let stride: ConvolutionStride
  private let array: Int
  /// Rows of half of the scratchpad and of half of the accumulators.
  private let operandRows: Int
  private let sumRows: Int
  private let largest: Sizes

  private typealias ConvolutionStride = (rows: Int, columns: Int)

  /// The tries before the software arrives at `tile`; none for matrix products, whose sizes it computes, and for sizes
  /// at which it does not arrive.
  ///
  /// The software may have been built for smaller memories than the machine has: halves of them are looked at too.
  static func tries(for layer: ExplicitLayer, until tile: LoopExtents, in machine: Target) -> Int {
    guard !layer.isProduct else { return 0 }
    let wanted = loops.map { tile[$0] }
    for operandPart in [1, 2, 4, 8] {
      for sumPart in [1, 2, 4, 8] {
        let search = TileSearch(layer, in: machine, operandPart: operandPart, sumPart: sumPart)
        if let (sizes, tries) = search.run(), sizes == wanted { return tries }
      }
    }
    return 0
  }

  private init(_ layer: ExplicitLayer, in machine: Target, operandPart: Int, sumPart: Int) {
    stride = (layer.stride.height, layer.stride.width)
    array = machine.model.array.columns
    operandRows = machine.capacity(machine.activations) / machine.activationWord / operandPart / 2
    let sumBytes = machine.accumulatorWords * machine.wordBytes(machine.accumulators)
    sumRows = machine.capacity(machine.accumulators) / sumBytes / sumPart / 2
    largest = Self.loops.map { layer.extents[$0] }
  }

  private func fits(_ sizes: Sizes) -> Bool {
    let blocks = { (channels: Int) in channels.dividedUp(by: array) }
    let pixels =
      (sizes[0] * stride.rows + sizes[3] - 1) * (sizes[1] * stride.columns + sizes[4] - 1)
    let weights = blocks(sizes[2]) * sizes[3] * sizes[4] * sizes[5]
    return blocks(sizes[5]) * pixels + weights <= operandRows
      && blocks(sizes[2]) * sizes[0] * sizes[1] <= sumRows
  }

  /// The sizes, and how many were tried; nil where nothing fits.
  private func run() -> (Sizes, Int)? {
    var sizes = largest
    var tries = 1
    while !fits(sizes) {
      guard cut(&sizes) else { return nil }
      tries += 1
    }
    /// Whether one more fits.
    func grow(_ index: Int) -> Bool {
      guard sizes[index] < largest[index] else { return false }
      var more = sizes
      more[index] += 1
      tries += 1
      if fits(more) { sizes = more }
      return sizes == more
    }
    while grow(Self.column) {}
    while sizes.indices.map(grow).contains(true) {}
    return (sizes, tries)
  }

  /// Makes the largest size smaller, but not columns that are at most as many as the array has rows.
  private func cut(_ sizes: inout Sizes) -> Bool {
    var chosen: Int?
    for index in sizes.indices where sizes[index] > (chosen.map { sizes[$0] } ?? 0) {
      if index == Self.column, sizes[index] <= array, sizes[0] > 1 { continue }
      chosen = index
    }
    guard let chosen, sizes[chosen] > 1 else { return false }
    let isChannels = [.outputChannel, .inputChannel].contains(Self.loops[chosen])
    sizes[chosen] = isChannels ? max(1, (sizes[chosen] - 1) / array * array) : sizes[chosen] - 1
    return true
  }
}
