import Graphs
import Hardware
import Measures

/// Writes the steps of an explicit tiling as instructions of another layer.
struct ExplicitProgramBuilder {
  let machine: Target
  let tiling: ExplicitTiling
  let places: ExplicitPlaces
  private(set) var program: Program
  /// The layer's number, and the instructions with which the one before ends.
  private let layer: Int
  private let ends: [Int32]
  /// Bytes that a whole tile takes.
  private let inputBytes: Int
  private let weightBytes: Int
  private let sumBytes: Int

  init(_ machine: Target, _ tiling: ExplicitTiling, _ places: ExplicitPlaces, after program: Program) {
    self.machine = machine
    self.tiling = tiling
    self.places = places
    self.program = program
    layer = program.layers.count
    // Stores end in order, and so do products.
    ends = [Instruction.Kind.array, .store].compactMap { kind in
      program.instructions.lastIndex { $0.kind == kind }.map { Int32($0) }
    }
    let operand = { (count: Int) in (count * machine.bits).dividedUp(by: 8) }
    let largest = tiling.steps.map { step in
      let region = tiling.inputRegion(of: step)
      return region.rows.count * region.columns.count
    }.max()
    let tile = tiling.tile
    let word = machine.activationWord
    // A pixel, and the weights of an input channel, begin with a word of their own.
    inputBytes = (largest ?? 0) * operand(tile[.inputChannel]).roundedUp(to: word)
    weightBytes =
      tile[.kernelRow] * tile[.kernelColumn] * tile[.inputChannel]
      * operand(tile[.outputChannel]).roundedUp(to: machine.wordBytes(machine.weights))
    sumBytes =
      tile[.row] * tile[.column] * tile[.outputChannel].dividedUp(by: machine.model.array.columns)
      * machine.accumulatorWords * machine.wordBytes(machine.accumulators)
  }

  /// Two halves of a memory where a tile fits into one, else the whole of it.
  private struct Halves {
    var count: Int
    var bytes: Int

    init(of capacity: Int, for needed: Int) {
      count = 2 * needed <= capacity ? 2 : 1
      bytes = capacity / count
    }
  }

  /// - Throws: ``CompileError`` of kind `doesNotFit` for a tile beyond a memory.
  mutating func build() throws(CompileError) {
    let operandCapacity = machine.capacity(machine.activations)
    let sumCapacity = machine.capacity(machine.accumulators)
    guard machine.activations == machine.weights else {
      throw CompileError(
        .machine, place: "hardware '\(machine.model.name)'", found: "a scratchpad for weights alone",
        expected: "one for activations and weights, for explicit mappings",
        remedy: "choose such a machine, for example --on gemmini")
    }
    try check(inputBytes + weightBytes, in: machine.activations, "input and weights of a tile")
    try check(sumBytes, in: machine.accumulators, "sums of a tile")
    let operands = Halves(of: operandCapacity, for: inputBytes + weightBytes)
    let sums = Halves(of: sumCapacity, for: sumBytes)
    let steps = tiling.steps
    program.layers.append(
      Program.Layer(
        name: tiling.layer.name, operatorName: tiling.layer.operatorName,
        macs: steps.reduce(0) { $0 + $1.macs },
        mapping:
          "given: \(steps.count) steps, "
          + (operands.count == 2 ? "double-buffered" : "one buffer for input and weights")))
    program.layers[layer].storedWeights = tiling.layer.weightCount
    program.layers[layer].hostSteps = tiling.tries
    let first = program.instructions.count
    var arrays: [Int32] = []
    /// The store of each step, and of each output tile.
    var stores: [Int32?] = []
    var tileStores: [Int32] = []
    var tileCount = 0
    for (index, step) in steps.enumerated() {
      let base = index % operands.count * operands.bytes
      let weightBase = (base + operands.bytes - weightBytes) / machine.activationWord * machine.activationWord
      let sumBase = tileCount % sums.count * sums.bytes
      // Loads reuse the operands of an earlier step, and only two steps are under way.
      var before: [Int32] =
        index >= operands.count ? [arrays[index - operands.count]] : index == 0 ? ends : []
      if index >= 2, let store = stores[index - 2] { before.append(store) }
      var ready: [Int32] = []
      // Loads run in order: the first of them waits for all, and the last of them ends them all.
      for transfers in [weights(of: step, at: weightBase), input(of: step, at: base)] {
        let loads = transfers.enumerated().map { append($1, .load, after: $0 == 0 ? before : []) }
        ready += loads.suffix(1)
      }
      if step.isFirst, tileCount >= sums.count {
        ready.append(tileStores[tileCount - sums.count])
        before.append(tileStores[tileCount - sums.count])
      }
      if step.isFirst, tiling.layer.hasBias {
        ready.append(append(bias(of: step, at: sumBase), .load, after: before))
      }
      program.arrayTiles.append(arrayTile(of: step, input: base, weights: weightBase, sums: sumBase))
      arrays.append(
        program.append(.array, payload: program.arrayTiles.count - 1, layer: layer, after: ready))
      if step.isLast {
        let last = output(of: step, at: sumBase).map { append($0, .store, after: [arrays[index]]) }.last
        stores.append(last)
        tileStores.append(last ?? arrays[index])
        tileCount += 1
      } else {
        stores.append(nil)
      }
    }
    let used = [
      (machine.activations, operands.count * (inputBytes + weightBytes)),
      (machine.accumulators, min(tileCount, sums.count) * sumBytes),
    ]
    for (memory, bytes) in used {
      program.occupancy.append(
        Program.OccupancyStep(instruction: Int32(first), memory: Int32(memory), bytes: bytes))
    }
    program.scratchpadPeakBytes = max(program.scratchpadPeakBytes, used.reduce(0) { $0 + $1.1 })
  }

  private func check(_ bytes: Int, in memory: Int, _ what: String) throws(CompileError) {
    let scratchpad = machine.model.scratchpads[memory]
    guard bytes <= scratchpad.capacity.count else {
      throw CompileError(
        .doesNotFit, place: tiling.layer.name, found: "\(bytes) bytes for \(what)",
        expected: "at most \(scratchpad.capacity.count) in '\(scratchpad.name)'",
        remedy:
          "make the tile smaller, or the memory larger with --set scratchpads.\(scratchpad.name).capacity=…")
    }
  }

  private mutating func append(
    _ transfer: Transfer, _ kind: Instruction.Kind, after dependencies: [Int32]
  ) -> Int32 {
    program.transfers.append(transfer)
    return program.append(kind, payload: program.transfers.count - 1, layer: layer, after: dependencies)
  }

  func bytes(_ operands: Int) -> Int { (operands * machine.bits).dividedUp(by: 8) }

  /// The biases of the step's output channels once for each pixel, as the accumulators hold them.
  private func bias(of step: ExplicitTiling.Step, at address: Int) -> Transfer {
    let size = machine.format.accumulatorBytes
    return Transfer(
      address: places.bias(of: tiling.layer) + step.outputChannels.lowerBound * size,
      runBytes: step.outputChannels.count * size,
      innerCount: step.columns.count, outerCount: step.rows.count, memory: machine.accumulators,
      scratchpadAddress: address)
  }

  private func arrayTile(
    of step: ExplicitTiling.Step, input: Int, weights: Int, sums: Int
  ) -> ArrayTile {
    let array = machine.model.array
    let region = tiling.inputRegion(of: step)
    let pixelWords = bytes(tiling.tile[.inputChannel]).dividedUp(by: machine.activationWord)
    let weightWords = bytes(tiling.tile[.outputChannel]).dividedUp(by: machine.wordBytes(machine.weights))
    let positions = step.kernelRows.count * step.kernelColumns.count
    let channels = step.inputChannels.count
    let streamed = step.rows.count * streamedColumns(step.columns.count)
    let words = machine.accumulatorWords
    return ArrayTile(
      dataflow: .weightStationary, m: streamed, k: positions * channels, n: step.outputChannels.count,
      kernelPositions: positions, macs: step.macs, accumulates: !step.isFirst || tiling.layer.hasBias,
      activations: AccessPattern(
        memory: machine.activations, address: input,
        words: max(1, bytes(min(channels, array.rows)).dividedUp(by: machine.activationWord)),
        innerCount: streamedColumns(step.columns.count), innerStride: pixelWords * tiling.layer.stride.width,
        outerStride: pixelWords * max(1, region.columns.count) * tiling.layer.stride.height, foldStride: 1),
      weights: AccessPattern(
        memory: machine.weights, address: weights,
        words: max(
          1,
          bytes(min(step.outputChannels.count, array.columns)).dividedUp(
            by: machine.wordBytes(machine.weights))),
        innerCount: min(channels, array.rows), innerStride: weightWords, outerStride: weightWords,
        foldStride: weightWords * min(channels, array.rows)),
      output: AccessPattern(
        memory: machine.accumulators, address: sums, words: words, innerCount: streamed, innerStride: words,
        outerStride: words * streamed, foldStride: words * streamed, isWrite: true))
  }

  /// Array cycles that one output row of a tile takes for each fold.
  ///
  /// Gemmini takes as many pixels at once as the array has rows, all of one output row; a shorter group takes the least
  /// time between two of them.
  private func streamedColumns(_ columns: Int) -> Int {
    let array = machine.model.array
    let (groups, rest) = columns.quotientAndRemainder(dividingBy: array.rows)
    return groups * array.rows + (rest > 0 ? max(rest, min(array.minimumFoldCycles, array.rows)) : 0)
  }
}
