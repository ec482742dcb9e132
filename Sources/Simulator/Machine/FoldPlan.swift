package import Hardware

/// How a tile folds onto the array: the number of folds and what each does, in core cycles.
///
/// A *fold* is one pass of operands through the array while one operand stays put. Sources of the counts: Samajdar et
/// al., ISPASS 2020 (systolic folds); Chen et al., JSSC 52(1) 2017 (row-stationary passes).
package struct FoldPlan: Hashable, Sendable {
  /// Folds along the reduction; they follow each other and add up.
  package var reductionFolds: Int
  /// Groups of output columns (or rows), each with its own reduction folds.
  package var outputFolds: Int
  /// Accesses that load the stationary operand before a fold.
  package var preloadAccesses: Int
  /// Accesses of the streaming operand in a fold.
  package var streamAccesses: Int
  /// Accesses that carry the results of an output-stationary fold away.
  package var drainAccesses: Int
  /// Cycles from the last streamed operand to the last result.
  package var skewCycles: Int

  package var folds: Int { reductionFolds * outputFolds }

  /// The plan of `tile` on `array`.
  package init(_ tile: ArrayTile, on array: MACArray) {
    if tile.depthwiseChannels > 0 {
      self = Self.depthwise(tile, on: array)
    } else if array.kind == .rowStationary {
      self = Self.rowStationary(tile, on: array)
    } else {
      self = Self.matrix(tile, on: array)
    }
  }

  private init(
    reductionFolds: Int, outputFolds: Int, preloadAccesses: Int, streamAccesses: Int, drainAccesses: Int = 0,
    skewCycles: Int
  ) {
    self.reductionFolds = reductionFolds
    self.outputFolds = outputFolds
    self.preloadAccesses = preloadAccesses
    self.streamAccesses = streamAccesses
    self.drainAccesses = drainAccesses
    self.skewCycles = skewCycles
  }

  /// A matrix product on a systolic array or on dot-product blocks.
  private static func matrix(_ tile: ArrayTile, on array: MACArray) -> FoldPlan {
    let positions = max(1, tile.kernelPositions)
    let reduction =
      tile.packsKernel
      ? ceiling(tile.k, array.rows) : positions * ceiling(ceiling(tile.k, positions), array.rows)
    let preload = ceiling(array.rows, array.preloadRowsPerCycle)
    let skew = (array.kind == .systolic ? array.rows + array.columns - 2 : 0) + array.pipelineCycles
    switch tile.dataflow {
    case .weightStationary, .rowStationary:
      return FoldPlan(
        reductionFolds: reduction, outputFolds: ceiling(tile.n, array.columns), preloadAccesses: preload,
        streamAccesses: ceiling(tile.m, array.pixels), skewCycles: skew)
    case .inputStationary:
      return FoldPlan(
        reductionFolds: reduction, outputFolds: ceiling(tile.m, array.columns), preloadAccesses: preload,
        streamAccesses: ceiling(tile.n, array.pixels), skewCycles: skew)
    case .outputStationary:
      return FoldPlan(
        reductionFolds: 1, outputFolds: ceiling(tile.m, array.rows) * ceiling(tile.n, array.columns),
        preloadAccesses: 0, streamAccesses: tile.k, drainAccesses: min(array.rows, max(1, tile.m)),
        skewCycles: skew)
    }
  }

  /// A depthwise convolution: a fold for each kernel position and group of channels.
  private static func depthwise(_ tile: ArrayTile, on array: MACArray) -> FoldPlan {
    FoldPlan(
      reductionFolds: max(1, tile.kernelPositions),
      outputFolds: ceiling(tile.depthwiseChannels, max(1, array.depthwiseChannels)), preloadAccesses: 1,
      streamAccesses: ceiling(tile.m, array.pixels), skewCycles: array.pipelineCycles)
  }

  /// A pass maps `filter rows × output rows` onto the cells, replicated where there is room; each cell convolves one
  /// row: `output width × filter width` cycles for one (channel, filter) pair.
  private static func rowStationary(_ tile: ArrayTile, on array: MACArray) -> FoldPlan {
    let positions = max(1, tile.kernelPositions)
    var filterRows = 1
    while filterRows * filterRows < positions { filterRows += 1 }
    let filterColumns = ceiling(positions, filterRows)
    let width = max(1, min(tile.activations.innerCount, tile.m))
    let outputRows = ceiling(tile.m, width)
    let pairs = ceiling(tile.k, positions) * max(1, tile.n)
    let sets = max(1, array.rows / filterRows) * max(1, array.columns / outputRows)
    return FoldPlan(
      reductionFolds: ceiling(pairs, sets),
      outputFolds: ceiling(outputRows, array.columns) * ceiling(filterRows, array.rows),
      preloadAccesses: filterColumns, streamAccesses: width * filterColumns,
      skewCycles: min(filterRows, array.rows) + array.pipelineCycles)
  }

  private static func ceiling(_ value: Int, _ divisor: Int) -> Int {
    (max(1, value) + divisor - 1) / divisor
  }
}
