import Graphs

/// A layer cut into the steps of an explicit mapping, in the order in which Gemmini's software runs them.
///
/// From the outside in: output rows, output columns, output channels, kernel rows, kernel columns, input channels
/// (tiled_conv and tiled_matmul of ucb-bar/gemmini-rocc-tests, include/gemmini.h). The reduction is innermost, so sums
/// never leave the accumulators before they are complete.
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

  /// Checks the mapping against the layer.
  ///
  /// - Throws: ``CompileError`` of kind `mapping` for loops that do not cover the layer exactly.
  init(_ layer: ExplicitLayer, _ mapping: ExplicitMapping) throws(CompileError) {
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
  }

  /// The steps in order.
  var steps: [Step] {
    func parts(_ loop: LoopIndex) -> [Range<Int>] {
      let extent = layer.extents[loop]
      return stride(from: 0, to: extent, by: tile[loop]).map { $0..<min($0 + tile[loop], extent) }
    }
    let (kernelRows, kernelColumns) = (parts(.kernelRow), parts(.kernelColumn))
    let (inputChannels, outputChannels) = (parts(.inputChannel), parts(.outputChannel))
    let last = (kernelRows.count - 1, kernelColumns.count - 1, inputChannels.count - 1)
    var steps: [Step] = []
    for rows in parts(.row) {
      for columns in parts(.column) {
        for outputs in outputChannels {
          for (r, kernelRow) in kernelRows.enumerated() {
            for (s, kernelColumn) in kernelColumns.enumerated() {
              for (c, inputs) in inputChannels.enumerated() {
                steps.append(
                  Step(
                    rows: rows, columns: columns, outputChannels: outputs, kernelRows: kernelRow,
                    kernelColumns: kernelColumn, inputChannels: inputs, isFirst: (r, s, c) == (0, 0, 0),
                    isLast: (r, s, c) == last))
              }
            }
          }
        }
      }
    }
    return steps
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
