import Hardware

/// Finds the mapping of an array layer that the cost model expects to be fastest.
///
/// Every tile height, width, channel count and loop order that changes the number of tiles is tried, up to 8 tiles each
/// and then in powers; among mappings within 1 % of the fastest the one with the least energy wins, then the first.
struct ArraySearch {
  let cost: ArrayCost
  /// Whether all tile counts are tried (a slow twin for tests).
  var isExhaustive = false

  struct Choice: Hashable, Sendable {
    var mapping: ArrayMapping
    var estimate: MappingEstimate
  }

  init(_ machine: Target, _ problem: ArrayProblem, isExhaustive: Bool = false) {
    cost = ArrayCost(machine, problem)
    self.isExhaustive = isExhaustive
  }

  /// The best mapping, or nil if even the smallest tile does not fit.
  func best() -> Choice? {
    if cost.machine.parts == 1, let whole = wholeLayer() { return whole }
    var choices: [Choice] = []
    var fastest = Double.infinity
    forEachCandidate { mapping, buffers in
      let estimate = cost.estimate(mapping, buffers)
      guard estimate.cycles <= fastest * 1.01 else { return }
      fastest = min(fastest, estimate.cycles)
      choices.append(Choice(mapping: mapping, estimate: estimate))
    }
    var best: Choice?
    for choice in choices where choice.estimate.cycles <= fastest * 1.01 {
      if let current = best,
        (current.estimate.energy, current.estimate.cycles) <= (choice.estimate.energy, choice.estimate.cycles)
      {
        continue
      }
      best = choice
    }
    return best
  }

  /// Whether a mapping from elsewhere fits this problem.
  func accepts(_ mapping: ArrayMapping) -> Bool {
    let shape = cost.problem.shape
    guard dataflows.contains(mapping.dataflow), mapping.rowTile <= shape.rows,
      mapping.columnTile <= shape.columns,
      mapping.channelTile <= shape.outputChannels, mapping.reductionTile <= shape.channels,
      mapping.positionTile <= shape.kernelPositions,
      !cost.problem.needsWholeChannels || mapping.channelTile == shape.outputChannels,
      cost.problem.inputIsOnChip || mapping.inputSlots > 0,
      cost.problem.rightIsOnChip || mapping.rightSlots > 0,
      mapping.accumulatorSlots > 0
    else { return false }
    return cost.fits(mapping, cost.buffers(mapping))
  }

  /// The bytes by scratchpad that the smallest tile needs.
  func smallestNeed() -> [Int] {
    let problem = cost.problem
    let channels =
      problem.needsWholeChannels
      ? problem.shape.outputChannels : min(problem.shape.outputChannels, channelStep)
    let mapping = ArrayMapping(
      dataflow: .weightStationary, order: .pixelsOuter, rowTile: 1, columnTile: 1, channelTile: channels,
      reductionTile: problem.shape.packsKernel
        ? problem.shape.channels : min(problem.shape.channels, cost.machine.blockChannels),
      positionTile: problem.shape.depthwiseChannels > 0 ? problem.shape.kernelPositions : 1, inputSlots: 2,
      rightSlots: 2,
      accumulatorSlots: 1)
    return cost.need(mapping, cost.buffers(mapping))
  }

  private func forEachCandidate(_ body: (ArrayMapping, ArrayBuffers) -> Void) {
    let problem = cost.problem
    let shape = problem.shape
    let rowTiles = tileSizes(shape.rows, step: 1)
    // Passes of a row-stationary array take whole rows where they fit, as many as fit.
    let takesRows = cost.machine.model.array.passes != nil
    let columnTiles = tileSizes(shape.columns, step: 1)
    let channelTiles =
      shape.diagonalChannels > 0
      ? [min(shape.outputChannels, channelStep)]
      : problem.needsWholeChannels
        ? [shape.outputChannels] : tileSizes(shape.outputChannels, step: channelStep)
    let reductions = reductionTiles
    for dataflow in dataflows {
      var hasRows = false
      for columnTile in columnTiles {
        for rowTile in rowTiles where !hasRows && (columnTile == shape.columns || rowTile <= 4) {
          for channelTile in channelTiles {
            for slots in [2, 1] {
              guard accumulatorFits(rowTile, columnTile, channelTile, slots: slots) else { continue }
              for order in ArrayMapping.Order.allCases {
                let frame = ArrayMapping(
                  dataflow: dataflow, order: order, rowTile: rowTile, columnTile: columnTile,
                  channelTile: channelTile, reductionTile: 0, positionTile: 0, inputSlots: 0, rightSlots: 0,
                  accumulatorSlots: slots)
                forEachBuffering(frame, reductions) { mapping, buffers in
                  hasRows = takesRows
                  body(mapping, buffers)
                }
              }
            }
          }
        }
      }
    }
  }

  /// Multiples in which output channels are cut: whole folds, and whole blocks where tiles go to main memory.
  private var channelStep: Int {
    let machine = cost.machine
    let array = machine.model.array
    if cost.problem.shape.diagonalChannels > 0 { return cost.problem.shape.diagonalChannels }
    guard !cost.problem.isChannelwise else {
      return machine.blockChannels.roundedUp(to: max(1, array.depthwiseChannels))
    }
    let isFree =
      cost.problem.output.isInterleaved || cost.problem.outputIsOnChip && cost.problem.loadedFurther == 0
    let fold = max(1, array.columns / cost.problem.shape.phases)
    return isFree ? fold : leastCommonMultiple(fold, machine.blockChannels)
  }

  /// Ways to cut the reduction, largest first: by channels, then by kernel positions too.
  private var reductionTiles: [(channels: Int, positions: Int)] {
    let problem = cost.problem
    let shape = problem.shape
    guard shape.depthwiseChannels == 0 else { return [(shape.channels, shape.kernelPositions)] }
    let channels =
      shape.packsKernel || shape.diagonalChannels > 0
      ? [shape.channels] : tileSizes(shape.channels, step: cost.machine.blockChannels)
    var tiles = channels.map { (channels: $0, positions: shape.kernelPositions) }
    guard let least = channels.last, problem.right == nil else { return tiles }
    for positions in tileSizes(shape.kernelPositions, step: 1).dropFirst() {
      tiles.append((least, positions))
    }
    return tiles
  }

  /// The largest reduction tile that fits, for each way to buffer the operands.
  private func forEachBuffering(
    _ frame: ArrayMapping, _ reductionTiles: [(channels: Int, positions: Int)],
    _ body: (ArrayMapping, ArrayBuffers) -> Void
  ) {
    let problem = cost.problem
    for keepsInput in [false, true] {
      for keepsRight in [false, true] {
        for reductionTile in reductionTiles {
          var mapping = frame
          mapping.reductionTile = reductionTile.channels
          mapping.positionTile = reductionTile.positions
          let tiles = cost.tiles(mapping)
          let distinctInput = problem.isChannelwise ? tiles.m * tiles.n : tiles.m * tiles.channels
          let distinctRight = tiles.n * tiles.k
          mapping.inputSlots = problem.inputIsOnChip ? 0 : slots(distinctInput, keeps: keepsInput)
          mapping.rightSlots = problem.rightIsOnChip ? 0 : slots(distinctRight, keeps: keepsRight)
          if keepsInput, distinctInput <= 2 || problem.inputIsOnChip || distinctInput > 4096 { break }
          if keepsRight, distinctRight <= 2 || problem.rightIsOnChip || distinctRight > 4096 { break }
          let buffers = cost.buffers(mapping)
          guard cost.fits(mapping, buffers) else { continue }
          body(mapping, buffers)
          break
        }
      }
    }
  }

  /// Two buffers let one fill while the other is used; a single tile of a single item needs one.
  private func slots(_ distinct: Int, keeps: Bool) -> Int {
    if distinct * cost.problem.items == 1 { return 1 }
    return keeps ? max(2, distinct) : 2
  }

  private func accumulatorFits(_ rowTile: Int, _ columnTile: Int, _ channelTile: Int, slots: Int) -> Bool {
    let machine = cost.machine
    let bytes =
      rowTile * columnTile
      * (channelTile * cost.problem.shape.phases).dividedUp(by: machine.model.array.columns)
      * machine.accumulatorWords
      * machine.wordBytes(machine.accumulators)
    return slots * bytes <= cost.problem.budgets[machine.accumulators]
  }

  var dataflows: [Dataflow] {
    let array = cost.machine.model.array
    switch array.kind {
    case .rowStationary: return [.rowStationary]
    case .dotProduct: return [array.dataflows.first ?? .weightStationary]
    case .systolic:
      if cost.problem.isChannelwise { return [array.dataflows.first ?? .weightStationary] }
      return array.dataflows
    }
  }

  /// Tile sizes in multiples of `step` that cut `extent` into 1, 2, 3 … tiles, largest first.
  func tileSizes(_ extent: Int, step: Int) -> [Int] {
    let units = extent.dividedUp(by: step)
    var sizes: [Int] = []
    var count = 1
    while count <= units {
      let size = min(extent, units.dividedUp(by: count) * step)
      if sizes.last != size { sizes.append(size) }
      count = count < 8 || isExhaustive ? count + 1 : count + (count + 3) / 4
    }
    if sizes.last != min(extent, step) { sizes.append(min(extent, step)) }
    return sizes
  }
}

/// The smallest number that both divide.
func leastCommonMultiple(_ left: Int, _ right: Int) -> Int {
  var (a, b) = (left, right)
  while b != 0 { (a, b) = (b, a % b) }
  return left / max(1, a) * right
}
