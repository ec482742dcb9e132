import Graphs

/// A layer cut into the steps of an explicit mapping, in the order in which Gemmini's software runs them.
///
/// A mapping in Timeloop's notation has an order of its own. Otherwise, from the outside in: output rows, output columns,
/// output channels, kernel rows, kernel columns, input channels (tiled_conv and tiled_matmul of
/// ucb-bar/gemmini-rocc-tests, include/gemmini.h). Sums never leave the accumulators before they are complete; where a
/// mapping has a loop of the reduction outside of one over outputs, that software does not save them either.
struct ExplicitTiling: Hashable, Sendable {
  /// One visit to the array: an input region, a block of weights, and the sums they add to.
  struct Step: Hashable, Sendable {
    var rows: Range<Int>
    var columns: Range<Int>
    var outputChannels: Range<Int>
    var kernelRows: Range<Int>
    var kernelColumns: Range<Int>
    var inputChannels: Range<Int>
    /// Whether it starts, and whether it completes, the sums of its output tile.
    var isFirst: Bool
    var isLast: Bool

    var macs: Int {
      rows.count * columns.count * outputChannels.count * kernelRows.count * kernelColumns.count
        * inputChannels.count
    }
  }

  let layer: ExplicitLayer
  /// Sizes of a whole tile, cut to the layer.
  let tile: LoopExtents
  /// The loops over tiles, outermost first.
  private let order: [LoopIndex]
  /// Tilings that Gemmini's software tries before it takes this one; none where the sizes come from elsewhere.
  let tries: Int

  /// Checks the mapping against the layer.
  ///
  /// - Throws: ``CompileError`` of kind `mapping` for loops that do not cover the layer exactly.
  init(_ layer: ExplicitLayer, _ mapping: ExplicitMapping, on machine: Target) throws(CompileError) {
    self.layer = layer
    var tile = mapping.tile
    for loop in LoopIndex.allCases {
      let extent = layer.extents[loop]
      if let outer = mapping.outer {
        let (covered, overflows) = mapping.tile[loop].multipliedReportingOverflow(by: outer[loop])
        guard !overflows, covered == extent else {
          throw CompileError(
            .mapping, place: layer.name, found: "loops over \(loop.rawValue) that cover \(covered)",
            expected: "\(extent)", remedy: "let the factors of \(loop.rawValue) multiply to \(extent)")
        }
      }
      tile[loop] = min(tile[loop], extent)
    }
    self.tile = tile
    order = Self.softwareOrder.filter { !mapping.order.contains($0) } + mapping.order
    tries = mapping.outer == nil ? TileSearch.tries(for: layer, until: tile, in: machine) : 0
  }

  /// The order of Gemmini's software.
  private static let softwareOrder: [LoopIndex] = [
    .row, .column, .outputChannel, .kernelRow, .kernelColumn, .inputChannel,
  ]

  /// The steps in order.
  var steps: [Step] {
    var steps: [Step] = []
    var ranges: [LoopIndex: Range<Int>] = [:]
    func walk(_ loops: ArraySlice<LoopIndex>) {
      guard let loop = loops.first else {
        steps.append(step(ranges))
        return
      }
      let extent = layer.extents[loop]
      for start in stride(from: 0, to: extent, by: tile[loop]) {
        ranges[loop] = start..<min(start + tile[loop], extent)
        walk(loops.dropFirst())
      }
    }
    walk(order[...])
    return steps
  }

  /// The step that covers a range of each loop.
  private func step(_ ranges: [LoopIndex: Range<Int>]) -> Step {
    func range(_ loop: LoopIndex) -> Range<Int> { ranges[loop] ?? 0..<layer.extents[loop] }
    let reduced = [LoopIndex.kernelRow, .kernelColumn, .inputChannel]
    return Step(
      rows: range(.row), columns: range(.column), outputChannels: range(.outputChannel),
      kernelRows: range(.kernelRow), kernelColumns: range(.kernelColumn), inputChannels: range(.inputChannel),
      isFirst: reduced.allSatisfy { range($0).lowerBound == 0 },
      isLast: reduced.allSatisfy { range($0).upperBound == layer.extents[$0] })
  }

  /// Input rows and columns that a step reads, padding left out; empty where it lies in the padding altogether.
  func inputRegion(of step: Step) -> (rows: Range<Int>, columns: Range<Int>) {
    func region(_ output: Range<Int>, _ kernel: Range<Int>, stride: Int, padding: Int, extent: Int) -> Range<
      Int
    > {
      let first = output.lowerBound * stride + kernel.lowerBound - padding
      let end = (output.upperBound - 1) * stride + kernel.upperBound - padding
      let lower = min(max(first, 0), extent)
      return lower..<max(lower, min(end, extent))
    }
    return (
      region(
        step.rows, step.kernelRows, stride: layer.stride.height, padding: layer.padding.height,
        extent: layer.input.height),
      region(
        step.columns, step.kernelColumns, stride: layer.stride.width, padding: layer.padding.width,
        extent: layer.input.width)
    )
  }
}
