import Hardware
import Measures

/// The cost model of array layers: what a mapping needs of each memory and how long it is expected to take.
struct ArrayCost {
  let machine: Target
  let problem: ArrayProblem
  let timing: ArrayTiming
  private let lanes: Int
  private let columns: Int
  private let issueCycles: Int
  private let setupCycles: Int
  private let pipelineCycles: Int
  /// Bytes of main memory in a core cycle.
  private let memoryRate: Double
  private let passes: [(isRows: Bool, cycles: Int)]

  /// Cycles lost between two tiles: hand-over of accumulators and dependencies.
  static let tileCycles = 6
  /// Picojoules of a byte from main memory and of one more tile (its instructions and the short folds it brings), for
  /// choosing among mappings that are equally fast.
  static let memoryEnergy = 40.0
  static let tileEnergy = 4000.0

  init(_ machine: Target, _ problem: ArrayProblem) {
    self.machine = machine
    self.problem = problem
    timing = ArrayTiming(machine.model.array, format: machine.format)
    lanes = machine.model.vector.lanes
    columns = machine.model.array.columns
    issueCycles = machine.model.sequencer.issueCycles
    pipelineCycles = machine.model.vector.pipelineCycles
    setupCycles = machine.model.dma.setupCycles
    memoryRate = machine.memoryRate
    passes = problem.recipe.passes.map {
      (isRows: $0.count == .rows, cycles: machine.cycles(of: $0.classes + $0.finalClasses))
    }
  }

  // MARK: Tiles

  /// Tiles of one item: of pixels, of output channels, and of the reduction's channels and kernel positions.
  struct Tiles: Hashable {
    var m, n, channels, positions: Int
    var k: Int { channels * positions }
  }

  func tiles(_ mapping: ArrayMapping) -> Tiles {
    let shape = problem.shape
    return Tiles(
      m: shape.images * shape.rows.dividedUp(by: mapping.rowTile)
        * shape.columns.dividedUp(by: mapping.columnTile),
      n: shape.outputChannels.dividedUp(by: mapping.channelTile),
      channels: problem.isChannelwise ? 1 : shape.channels.dividedUp(by: mapping.reductionTile),
      positions: shape.kernelPositions.dividedUp(by: mapping.positionTile))
  }

  /// Bytes of the stationary operand's tile of `channels` input channels and `n` output channels, packed by folds.
  func rightBytes(channels: Int, positions: Int, n: Int) -> Int {
    let shape = problem.shape
    if let right = problem.right {
      let pixels = problem.rightReducesPixels ? channels : n
      let all = problem.rightReducesPixels ? shape.channels : shape.outputChannels
      let columns = problem.rightColumns
      let rows =
        pixels == all || columns == 1 ? pixels.dividedUp(by: columns) : pixels.dividedUp(by: columns) + 1
      return right.bytes(rows: rows, columns: columns, channels: problem.rightReducesPixels ? n : channels)
    }
    let word = machine.wordBytes(machine.weights)
    let bias = (n * shape.biasBytes).roundedUp(to: word)
    if shape.depthwiseChannels > 0 {
      return (n * shape.kernelPositions * machine.bits).dividedUp(by: 8).roundedUp(to: word) + bias
    }
    let stored = shape.stored(channels: channels, positions: positions) * n * shape.phases
    let metadata = (stored * shape.storage.metadataBits).dividedUp(by: 8).roundedUp(to: word)
    return (stored * machine.bits).dividedUp(by: 8).roundedUp(to: word) + metadata + bias
  }

  func inputBytes(rows: Int, columns: Int, channels: Int) -> Int {
    let shape = problem.shape
    if shape.kernelDepth > 1 {
      return shape.kernelDepth
        * problem.input.bytes(rows: shape.inputRows, columns: shape.inputColumns, channels: channels)
    }
    return problem.input.bytes(
      rows: inputExtent(
        rows, stride: shape.strideRows, span: shape.dilationRows * (shape.kernelRows - 1),
        limit: shape.inputRows),
      columns: inputExtent(
        columns, stride: shape.strideColumns, span: shape.dilationColumns * (shape.kernelColumns - 1),
        limit: shape.inputColumns),
      channels: spanned(channels))
  }

  /// Channels of the blocks that a range of channels touches.
  private func spanned(_ channels: Int) -> Int {
    problem.shape.isMisaligned ? channels + machine.blockChannels - 1 : channels
  }

  private func inputExtent(_ count: Int, stride: Int, span: Int, limit: Int) -> Int {
    min(limit, (count - 1) * stride + span + 1)
  }

  func outputBytes(rows: Int, columns: Int, channels: Int) -> Int {
    let shape = problem.shape
    return problem.output.bytes(
      rows: min(shape.outputRows, rows * shape.outputRows.dividedUp(by: shape.rows)),
      columns: min(shape.outputColumns, columns * shape.outputColumns.dividedUp(by: shape.columns)),
      channels: spanned(channels))
  }

  func buffers(_ mapping: ArrayMapping) -> ArrayBuffers {
    let channels = problem.isChannelwise ? mapping.channelTile : mapping.reductionTile
    let pixels = mapping.rowTile * mapping.columnTile
    let accumulator =
      pixels * (mapping.channelTile * problem.shape.phases).dividedUp(by: columns) * machine.accumulatorWords
      * machine.wordBytes(machine.accumulators)
    let output = outputBytes(
      rows: mapping.rowTile, columns: mapping.columnTile, channels: mapping.channelTile)
    return ArrayBuffers(
      input: problem.inputIsOnChip
        ? 0 : inputBytes(rows: mapping.rowTile, columns: mapping.columnTile, channels: channels),
      right: problem.rightIsOnChip
        ? 0 : rightBytes(channels: channels, positions: mapping.positionTile, n: mapping.channelTile),
      further: problem.loadedFurther > 0 ? output : 0,
      output: problem.outputIsOnChip ? 0 : output, accumulator: accumulator)
  }

  /// Bytes that a mapping takes of each scratchpad.
  func need(_ mapping: ArrayMapping, _ buffers: ArrayBuffers) -> [Int] {
    var need = machine.model.scratchpads.map { _ in 0 }
    let parts = parts(mapping, buffers)
    need[machine.activations] += parts.activations
    need[machine.weights] += parts.weights
    need[machine.accumulators] += parts.accumulators
    return need
  }

  /// Bytes kept for operands that repeat.
  static let repeatedBuffer = 4096

  func fits(_ mapping: ArrayMapping, _ buffers: ArrayBuffers) -> Bool {
    let parts = parts(mapping, buffers)
    for memory in problem.budgets.indices {
      let need =
        (memory == machine.activations ? parts.activations : 0)
        + (memory == machine.weights ? parts.weights : 0)
        + (memory == machine.accumulators ? parts.accumulators : 0)
      if need > problem.budgets[memory] { return false }
    }
    return true
  }

  /// Bytes that a mapping takes, by what they hold.
  private func parts(
    _ mapping: ArrayMapping, _ buffers: ArrayBuffers
  ) -> (activations: Int, weights: Int, accumulators: Int) {
    let right = mapping.rightSlots * buffers.right
    let tensors =
      mapping.inputSlots * buffers.input + 2 * problem.loadedFurther * buffers.further + 2 * buffers.output
      + min(problem.repeatedBytes, Self.repeatedBuffer)
    return (
      tensors + (problem.right == nil ? 0 : right), problem.right == nil ? right : 0,
      mapping.accumulatorSlots * buffers.accumulator
    )
  }

  // MARK: Time

  /// Times that operand tiles are loaded for one item.
  func loads(_ mapping: ArrayMapping, _ tiles: Tiles) -> (input: Int, right: Int) {
    let n = tiles.n
    let distinctInput = problem.isChannelwise ? tiles.m * n : tiles.m * tiles.channels
    var input: Int
    if problem.isChannelwise || distinctInput <= mapping.inputSlots {
      input = distinctInput
    } else if mapping.order == .pixelsOuter {
      input = tiles.channels <= mapping.inputSlots ? distinctInput : distinctInput * n
    } else {
      input = distinctInput * n
    }
    if problem.inputIsOnChip { input = 0 }
    let distinctRight = n * tiles.k
    var right: Int
    if distinctRight <= mapping.rightSlots {
      right = distinctRight
    } else if mapping.order == .weightsOuter {
      right = tiles.k <= mapping.rightSlots ? distinctRight : distinctRight * tiles.m
    } else {
      right = distinctRight * tiles.m
    }
    if problem.rightIsOnChip { right = 0 }
    return (input, right)
  }

  func estimate(_ mapping: ArrayMapping, _ buffers: ArrayBuffers) -> MappingEstimate {
    let shape = problem.shape
    let tiles = tiles(mapping)
    let count = problem.items * tiles.m * tiles.n
    let array =
      Double(problem.items) * arrayCycles(mapping) + Double(count * tiles.k * Self.tileCycles)
    let loads = loads(mapping, tiles)

    let inputRun = problem.input.run(
      rows: mapping.rowTile * shape.strideRows, columns: mapping.columnTile, ofColumns: shape.columns)
    let outputRun = problem.output.run(
      rows: mapping.rowTile, columns: mapping.columnTile, ofColumns: shape.columns)
    let inputBytes = problem.items * loads.input * buffers.input
    // The last tile of a loop is smaller; what is counted is the whole operand.
    let channels = shape.diagonalChannels > 0 ? shape.diagonalChannels : shape.channels
    let wholeRight = rightBytes(channels: channels, positions: shape.kernelPositions, n: shape.outputChannels)
    let rightBytes =
      problem.rightIsOnChip ? 0 : problem.items * wholeRight * max(1, loads.right / max(1, tiles.n * tiles.k))
    let wholeOutput =
      shape.images
      * problem.output.bytes(
        rows: shape.outputRows, columns: shape.outputColumns, channels: shape.outputChannels)
      * problem.items
    let outputBytes = problem.outputIsOnChip ? 0 : wholeOutput
    let furtherBytes = problem.loadedFurther * wholeOutput + problem.repeatedBytes
    let memory =
      machine.tiers.isEmpty
      ? memoryCycles(inputBytes, run: inputRun) + memoryCycles(rightBytes, run: .max)
        + memoryCycles(outputBytes + furtherBytes, run: outputRun)
      : tieredCycles(
        mapping, buffers, input: (inputBytes, inputRun), right: (rightBytes, wholeRight),
        output: (outputBytes, furtherBytes, wholeOutput, outputRun))
    let transfers = problem.items * (loads.input + loads.right) + (problem.outputIsOnChip ? 0 : count)
    let memoryTotal = memory + Double(transfers * setupCycles)

    let vector = Double(count) * vectorCycles(mapping)
    let issue = Double(
      (transfers + count * (tiles.k + problem.recipe.passes.count)) * issueCycles)
    let firstLoad =
      problem.inputIsOnChip
      ? 0
      : memoryCycles(buffers.input, run: inputRun)
        + Double(machine.model.dma.latencyCycles + machine.tiers.latency)
    let lastStore = problem.outputIsOnChip ? 0 : memoryCycles(buffers.output, run: outputRun)

    // A pipeline of tiles: the slowest stage for all of them, the others once.
    let share = 1 / Double(count * tiles.k)
    let stages = [array, memoryTotal, vector, issue]
    let bounds: [MappingEstimate.Bound] = [.array, .memory, .vector, .issue]
    var slowest = 0
    for stage in stages.indices where stages[stage] > stages[slowest] { slowest = stage }
    // An accumulator takes the next tile once its last one has left the cells and the vector unit.
    let turns = array + vector + Double(count * timing.skew)
    let overlapped = max(stages[slowest], turns / Double(mapping.accumulatorSlots))
    // The first weights may load behind the layer before, unless main memory has no time to spare.
    let firstRight = problem.rightIsOnChip ? 0 : memoryCycles(buffers.right, run: .max)
    let once =
      array * share + vector / Double(count) + Double(timing.skew) + firstLoad
      + (slowest == 1 ? firstRight : firstRight / 2)
      + lastStore
    let cycles =
      (overlapped * (1 - share) + max(once, overlapped * share)) * machine.imbalance(ofTiles: count)
    let bytes = inputBytes + rightBytes + outputBytes + furtherBytes
    return MappingEstimate(
      cycles: cycles, arrayCycles: array, memoryCycles: memoryTotal, vectorCycles: vector, memoryBytes: bytes,
      tiles: count, steps: count * tiles.k, bound: bounds[slowest],
      energy: Double(bytes) * Self.memoryEnergy + Double(count * tiles.k) * Self.tileEnergy)
  }

  /// Cycles of main memory behind caches: weights and results are new to them, the input was written by the layer before,
  /// and what is loaded again finds what was used since.
  private func tieredCycles(
    _ mapping: ArrayMapping, _ buffers: ArrayBuffers, input: (bytes: Int, run: Int),
    right: (bytes: Int, whole: Int), output: (bytes: Int, further: Int, whole: Int, run: Int)
  ) -> Double {
    let shape = problem.shape
    let tiles = tiles(mapping)
    let wholeInput =
      problem.items * shape.images
      * problem.input.bytes(rows: shape.inputRows, columns: shape.inputColumns, channels: shape.channels)
    let newInput = min(
      input.bytes,
      problem.items * tiles.m * (problem.isChannelwise ? tiles.n : tiles.channels) * buffers.input)
    let newRight = min(right.bytes, problem.items * right.whole)
    // What one pass of the inner loop uses, which lies between two uses of the same bytes.
    let pass =
      mapping.order == .pixelsOuter
      ? right.whole + tiles.channels * buffers.input
      : tiles.m * tiles.channels * buffers.input + tiles.k * buffers.right
    let rightPass = problem.right == nil ? Int.max : right.whole
    return memoryCycles(newInput, run: input.run, among: wholeInput)
      + memoryCycles(input.bytes - newInput, run: input.run, among: pass)
      + memoryCycles(newRight, run: .max, among: rightPass)
      + memoryCycles(right.bytes - newRight, run: .max, among: pass)
      + memoryCycles(output.bytes, run: output.run, among: .max)
      + memoryCycles(output.further, run: output.run, among: output.whole)
  }

  private func memoryCycles(_ bytes: Int, run: Int, among footprint: Int) -> Double {
    memoryCycles(bytes, run: run) * memoryRate / machine.tiers.rate(among: footprint)
  }

  /// Cycles of main memory for bytes in runs, each of which takes whole accesses.
  func memoryCycles(_ bytes: Int, run: Int) -> Double {
    guard bytes > 0 else { return 0 }
    let access = Double(machine.memoryAccessBytes)
    let waste = run == .max ? 1 : 1 + access / 2 / Double(max(1, run))
    return Double(bytes) * waste / memoryRate
  }

  /// Cycles of the array for all tiles of one item.
  func arrayCycles(_ mapping: ArrayMapping) -> Double {
    let shape = problem.shape
    var total = 0.0
    for (rows, rowCount) in Cuts(shape.rows, mapping.rowTile) {
      for (columns, columnCount) in Cuts(shape.columns, mapping.columnTile) {
        for (n, channelCount) in Cuts(shape.outputChannels, mapping.channelTile) {
          let kinds =
            problem.isChannelwise ? Cuts(n, n) : Cuts(shape.channels, mapping.reductionTile)
          for (k, reductionCount) in kinds {
            for (positions, positionCount) in Cuts(shape.kernelPositions, mapping.positionTile) {
              let depth = shape.stored(channels: k, positions: positions).dividedUp(by: positions)
              let cycles = timing.cycles(
                mapping.dataflow, m: rows * columns, width: columns == 1 ? rows : columns, channels: depth,
                positions: positions, n: n * shape.phases, packs: shape.packsKernel,
                depthwiseChannels: shape.depthwiseChannels > 0 ? n : 0)
              let times =
                rowCount * columnCount * channelCount * reductionCount * positionCount * shape.images
              total += Double(cycles) * Double(times)
            }
          }
        }
      }
    }
    return total
  }

  /// Cycles of the vector unit for one tile.
  func vectorCycles(_ mapping: ArrayMapping) -> Double {
    let group = min(lanes, columns)
    let rows = mapping.rowTile * mapping.columnTile
    let elements =
      rows
      * (min(mapping.channelTile, problem.shape.outputChannels) * problem.shape.phases).roundedUp(to: group)
    var cycles = 0
    for pass in passes {
      let steps = (pass.isRows ? rows : elements).dividedUp(by: lanes)
      cycles += steps * pass.cycles + pipelineCycles
    }
    return Double(cycles)
  }
}

/// A loop cut into tiles: those of the full size and the one that is left, each with how often it occurs.
struct Cuts: Sequence, IteratorProtocol {
  private let tile: Int
  private var full: Int
  private var rest: Int

  init(_ extent: Int, _ tile: Int) {
    self.tile = tile
    full = extent / tile
    rest = extent % tile
  }

  mutating func next() -> (size: Int, count: Int)? {
    if full > 0 {
      defer { full = 0 }
      return (tile, full)
    }
    guard rest > 0 else { return nil }
    defer { rest = 0 }
    return (rest, 1)
  }
}
