package import Hardware

/// How a tile folds onto the array: the number of folds and what each does, in core cycles.
///
/// A *fold* is one pass of operands through the array while one operand stays put. Sources of the counts: Samajdar et
/// al., ISPASS 2020 (systolic folds); Chen et al., JSSC 52(1) 2017 (row-stationary passes).
///
/// Conventions, held to a register-level array in the tests:
/// - An operand that is read in cycle `t` meets the first cell in cycle `t`; row `r` and column `c` see it in
///   `t + r + c`. The result of a cell's work in cycle `t` can be used from cycle `t + 1` on.
/// - The stationary operand enters from the top, bottom row first; rows that a short fold leaves empty take their
///   cycle as zeros, but need no access.
/// - Output-stationary results leave a systolic array downwards, bottom row first, once the last cell is done; the
///   empty rows of a short fold take their cycle but need no access.
/// - Partial sums that leave at the bottom ask for their accumulators in the cycle in which the operand that makes them
///   enters: the skew shifts all of them alike. Adding to an accumulator takes one access, its read goes along.
/// - Where results leave over a bus, row `r` leaves in the cycle of its last cell's last work; a short fold uses the
///   last rows. In a single column the first row is gone with the last operand, and its access waits for nobody.
/// - A cell of a row-stationary array multiplies one tap of its filter row with one pixel of its input row in a cycle,
///   all pixels for one tap, then the next; its product meets those of the filter rows below on the way up its column
///   and is added to the accumulators at the top.
/// - With ``RowPasses`` sums gather in the cells' pads and leave over a port, in even shares of each pass.
/// - An output-stationary dot-product block reduces in each step the rows of weights that one access brings, and hands
///   all its sums over at once.
package struct FoldPlan: Hashable, Sendable {
  /// Folds along the reduction; they follow each other and add up.
  package var reductionFolds: Int
  /// Groups of output columns (or rows), each with its own reduction folds.
  package var outputFolds: Int
  /// Cycles in which the stationary operand enters before a fold; 0 when nothing is stationary but the results.
  package var preloadCycles: Int
  /// Accesses of the streaming operand in a fold.
  package var streamAccesses: Int
  /// Whether results stay in the cells until a fold is over.
  package var keepsResults: Bool
  /// Cycles after the stream in which kept results leave; 0 for other dataflows.
  package var drainCycles: Int
  /// Accesses of all folds that begin sums instead of adding to what was there; without a meaning for kept results.
  package var firstAccesses: Int
  /// Accesses of all folds to streaming operands, and to sums: fewer than steps where one waits for the other.
  package var operandAccesses: Int
  package var sumAccesses: Int
  /// Cycles from the last streamed operand to the last result.
  package var skewCycles: Int
  /// Of them, those that pass before results start to leave; the others are a pipeline on their way.
  package var skewBeforeDrain: Int
  /// Whether drained rows leave top row first.
  package var drainsTopFirst: Bool
  /// The rows that are preloaded, and that drain.
  private var preloadRows: FoldedRows
  private var drainRows: FoldedRows

  package var folds: Int { reductionFolds * outputFolds }

  /// Accesses that load the stationary operand of a fold.
  package func preloadAccesses(of fold: Int) -> Int { preloadRows.accesses(of: fold) }

  /// Accesses that carry the results of an output-stationary fold away once its stream is over.
  package func drainAccesses(of fold: Int) -> Int { min(drainCycles, drainRows.accesses(of: fold)) }

  /// Preload accesses of all folds.
  package var totalPreloadAccesses: Int { preloadRows.totalAccesses(folds: folds) }

  /// Drain accesses of all folds.
  package var totalDrainAccesses: Int { drainRows.totalAccesses(folds: folds) }

  /// The plan of `tile` on `array`.
  package init(_ tile: ArrayTile, on array: MACArray) {
    var tile = tile
    tile.k = tile.storedK
    if tile.depthwiseChannels > 0 {
      self = Self.depthwise(tile, on: array)
    } else if array.kind == .rowStationary {
      self = Self.rowStationary(tile, on: array)
    } else if tile.dataflow == .outputStationary {
      self = array.kind == .systolic ? Self.drained(tile, on: array) : Self.reduced(tile, on: array)
    } else {
      self = Self.preloaded(tile, on: array)
    }
  }

  private init(
    reductionFolds: Int, outputFolds: Int, preloadCycles: Int = 0, preloadRows: FoldedRows = .none,
    streamAccesses: Int, keepsResults: Bool = false, drainCycles: Int = 0, drainRows: FoldedRows = .none,
    skewCycles: Int, skewBeforeDrain: Int = 0, drainsTopFirst: Bool = false
  ) {
    self.keepsResults = keepsResults
    firstAccesses = outputFolds * streamAccesses
    operandAccesses = reductionFolds * outputFolds * streamAccesses
    sumAccesses = operandAccesses
    self.reductionFolds = reductionFolds
    self.outputFolds = outputFolds
    self.preloadCycles = preloadCycles
    self.preloadRows = preloadRows
    self.streamAccesses = streamAccesses
    self.drainCycles = drainCycles
    self.drainRows = drainRows
    self.skewCycles = skewCycles
    self.skewBeforeDrain = skewBeforeDrain
    self.drainsTopFirst = drainsTopFirst
  }

  /// A matrix product with a stationary operand, on a systolic array or on dot-product blocks.
  private static func preloaded(_ tile: ArrayTile, on array: MACArray) -> FoldPlan {
    let positions = max(1, tile.kernelPositions)
    let depth = tile.packsKernel ? tile.k : ceiling(tile.k, positions)
    let isInputStationary = tile.dataflow == .inputStationary
    return FoldPlan(
      reductionFolds: (tile.packsKernel ? 1 : positions) * ceiling(depth, array.rows),
      outputFolds: ceiling(isInputStationary ? tile.m : tile.n, array.columns),
      preloadCycles: ceiling(array.rows, array.preloadRowsPerCycle),
      preloadRows: FoldedRows(count: depth, perFold: array.rows, perAccess: array.preloadRowsPerCycle),
      streamAccesses: ceiling(isInputStationary ? tile.n : tile.m, array.pixels),
      skewCycles: (array.kind == .systolic ? array.rows + array.columns - 2 : 0) + array.pipelineCycles)
  }

  /// An output-stationary matrix product on a systolic array: a fold for each `rows × columns` results.
  private static func drained(_ tile: ArrayTile, on array: MACArray) -> FoldPlan {
    // On a bus row `r` is complete, and gone, `r + columns - 1` cycles after its last operand entered.
    let isBus = array.drain == .bus
    let skew = (isBus ? max(0, array.columns - 2) : array.rows + array.columns - 2) + array.pipelineCycles
    return FoldPlan(
      reductionFolds: 1, outputFolds: ceiling(tile.m, array.rows) * ceiling(tile.n, array.columns),
      streamAccesses: max(1, tile.k), keepsResults: true,
      drainCycles: isBus && array.columns == 1 ? array.rows - 1 : array.rows,
      drainRows: FoldedRows(count: tile.m, perFold: array.rows, perAccess: 1), skewCycles: skew,
      skewBeforeDrain: skew, drainsTopFirst: isBus)
  }

  /// An output-stationary matrix product on dot-product blocks: a fold for each `pixels × columns` results.
  private static func reduced(_ tile: ArrayTile, on array: MACArray) -> FoldPlan {
    let positions = max(1, tile.kernelPositions)
    let width = min(array.rows, array.preloadRowsPerCycle)
    return FoldPlan(
      reductionFolds: 1, outputFolds: ceiling(tile.m, array.pixels) * ceiling(tile.n, array.columns),
      streamAccesses: tile.packsKernel
        ? ceiling(tile.k, width) : positions * ceiling(ceiling(tile.k, positions), width),
      keepsResults: true, drainCycles: 1, drainRows: FoldedRows(count: 1, perFold: 1, perAccess: 1),
      skewCycles: array.pipelineCycles)
  }

  /// A depthwise convolution: a fold for each kernel position and group of channels.
  private static func depthwise(_ tile: ArrayTile, on array: MACArray) -> FoldPlan {
    FoldPlan(
      reductionFolds: max(1, tile.kernelPositions),
      outputFolds: ceiling(tile.depthwiseChannels, max(1, array.depthwiseChannels)), preloadCycles: 1,
      preloadRows: FoldedRows(count: 1, perFold: 1, perAccess: 1),
      streamAccesses: ceiling(tile.m, array.pixels), skewCycles: array.pipelineCycles)
  }

  /// Passes of `filter rows × output rows` cells, replicated where there is room.
  ///
  /// Each cell convolves one row, `output width × filter width` cycles for one (channel, filter) pair. Pairs go by
  /// filters, then channels.
  private static func rowStationary(_ tile: ArrayTile, on array: MACArray) -> FoldPlan {
    let positions = max(1, tile.kernelPositions)
    var filterRows = 1
    while filterRows * filterRows < positions { filterRows += 1 }
    let filterColumns = ceiling(positions, filterRows)
    let width = max(1, min(tile.activations.innerCount, tile.m))
    let outputRows = ceiling(tile.m, width)
    let channels = ceiling(tile.k, positions)
    let pairs = channels * max(1, tile.n)
    let sets = max(1, array.rows / filterRows) * max(1, array.columns / outputRows)
    var plan = FoldPlan(
      reductionFolds: ceiling(pairs, sets),
      outputFolds: ceiling(outputRows, array.columns) * ceiling(filterRows, array.rows),
      preloadCycles: filterColumns,
      preloadRows: FoldedRows(count: filterColumns, perFold: filterColumns, perAccess: 1),
      streamAccesses: width * filterColumns, skewCycles: min(filterRows, array.rows) + array.pipelineCycles)
    // Sums begin with the first tap of a pass that starts with a filter's first channel, in its first filter rows.
    let passesApart = channels / greatestCommonDivisor(channels, sets)
    plan.firstAccesses =
      ceiling(outputRows, array.columns) * ceiling(plan.reductionFolds, passesApart) * width
    guard let port = array.passes else { return plan }
    // Sums travel while the cells work: a pass lasts as long as the slower of the two.
    let together = port.channelsTogether(
      sets: sets, filter: (filterRows, filterColumns), output: (array.columns, width))
    let results = max(1, tile.m) * max(1, tile.n)
    let times = ceiling(channels, together) * ceiling(filterRows, array.rows)
    plan.sumAccesses = ceiling(results * times, port.sumsPerCycle)
    plan.firstAccesses = ceiling(results, port.sumsPerCycle)
    plan.streamAccesses = max(plan.streamAccesses, ceiling(plan.sumAccesses, plan.folds))
    return plan
  }

  private static func greatestCommonDivisor(_ left: Int, _ right: Int) -> Int {
    var (a, b) = (left, right)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }

  private static func ceiling(_ value: Int, _ divisor: Int) -> Int {
    (max(1, value) + divisor - 1) / divisor
  }
}

/// Rows dealt out to folds in turn, the last fold of each turn taking what is left.
private struct FoldedRows: Hashable {
  var count: Int
  var perFold: Int
  var perAccess: Int

  static let none = FoldedRows(count: 0, perFold: 1, perAccess: 1)

  private var foldsPerTurn: Int { max(1, (count + perFold - 1) / perFold) }

  func accesses(of fold: Int) -> Int {
    let rows = min(perFold, count - fold % foldsPerTurn * perFold)
    return (rows + perAccess - 1) / perAccess
  }

  /// Accesses of `folds` folds, a whole number of turns.
  func totalAccesses(folds: Int) -> Int {
    let full = (perFold + perAccess - 1) / perAccess
    return folds / foldsPerTurn * ((foldsPerTurn - 1) * full + accesses(of: foldsPerTurn - 1))
  }
}
