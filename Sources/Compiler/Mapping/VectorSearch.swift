import Hardware
import Measures

/// Finds the tiling of a vector layer: the cost model of ``ArrayCost`` with the vector unit in the array's place.
struct VectorSearch {
  let machine: Target
  let problem: VectorProblem

  struct Choice: Hashable, Sendable {
    var mapping: VectorMapping
    var estimate: MappingEstimate
  }

  /// Bytes of the buffers of one tile.
  struct Buffers: Hashable, Sendable {
    var input: Int
    var further: Int
    var output: Int
  }

  func best() -> Choice? {
    if case .movement = problem.shape { return bestMovement() }
    var best: Choice?
    for readsTwice in [false, true] {
      forEachTile(readsTwice: readsTwice) { mapping in
        guard fits(mapping) else { return }
        let estimate = estimate(mapping)
        if let current = best, current.estimate.cycles <= estimate.cycles { return }
        best = Choice(mapping: mapping, estimate: estimate)
      }
      if best != nil || problem.recipe.domain == .elementwise { break }
    }
    return best
  }

  private func forEachTile(readsTwice: Bool, _ body: (VectorMapping) -> Void) {
    let sizes = { (extent: Int, step: Int) -> [Int] in
      var result: [Int] = []
      let units = extent.dividedUp(by: step)
      var count = 1
      while count <= units {
        let size = min(extent, units.dividedUp(by: count) * step)
        if result.last != size { result.append(size) }
        count += 1 + count / 3
      }
      if result.last != min(extent, step) { result.append(min(extent, step)) }
      return result
    }
    let domain = readsTwice ? .elementwise : problem.recipe.domain
    let holdsChannels = domain == .wholeChannels || domain == .wholeTensor
    let holdsPixels = domain == .wholePixels || domain == .wholeTensor
    let channelTiles = holdsChannels ? [problem.channels] : sizes(problem.channels, machine.blockChannels)
    let rowTiles = holdsPixels ? [problem.rows] : sizes(problem.rows, 1)
    for channelTile in channelTiles {
      for rowTile in rowTiles {
        for columnTile in rowTile > 1 || holdsPixels ? [problem.columns] : sizes(problem.columns, 1) {
          body(
            VectorMapping(
              channelTile: channelTile, rowTile: rowTile, columnTile: columnTile, pieces: 1,
              readsTwice: readsTwice))
        }
      }
    }
  }

  private func bestMovement() -> Choice? {
    guard case .movement(let elements, let run) = problem.shape else { return nil }
    var pieces = 1
    while pieces <= 1 << 16 {
      let mapping = VectorMapping(
        channelTile: problem.channels, rowTile: problem.rows, columnTile: problem.columns, pieces: pieces,
        readsTwice: false)
      let buffers = buffers(mapping)
      let isSmallEnough =
        (elements / pieces <= 32768 || pieces >= 8) && pieces >= min(machine.parts, elements)
      if isSmallEnough, fits(mapping) {
        let vector = Double(
          movementSteps(elements, run: run) * machine.cycles(of: problem.recipe.passes.flatMap(\.classes)))
        let read = problem.moved.reduce(0) { $0 + $1.bytes }
        let bytes = read + (problem.outputIsOnChip ? 0 : problem.writtenBytes)
        let reading = problem.moved.reduce(0.0) { $0 + readCycles($1.bytes, run: $1.run) }
        let memory = reading + memoryCycles(bytes - read, run: .max)
        let cycles = max(vector, memory) + Double(buffers.input) / machine.memoryBytesPerCycle
        return Choice(
          mapping: mapping,
          estimate: MappingEstimate(
            cycles: cycles, arrayCycles: 0, memoryCycles: memory, vectorCycles: vector, memoryBytes: bytes,
            tiles: pieces, steps: pieces, bound: memory > vector ? .memory : .vector, energy: 0))
      }
      pieces *= 2
    }
    return nil
  }

  /// Steps of the lanes for elements that move in runs.
  func movementSteps(_ elements: Int, run: Int) -> Int {
    let lanes = machine.model.vector.lanes
    guard run * machine.bits >= machine.activationWord * 8 else { return elements.dividedUp(by: lanes) }
    return elements.dividedUp(by: run) * run.dividedUp(by: lanes)
  }

  // MARK: Buffers

  func inputBytes(rows: Int, columns: Int, channels: Int) -> Int {
    guard case .window(let shape) = problem.shape else {
      return problem.input.bytes(rows: rows, columns: columns, channels: channels)
    }
    let depth = shape.kernelDepth
    return depth
      * problem.input.bytes(
        rows: depth > 1
          ? shape.inputRows
          : min(
            shape.inputRows, (rows - 1) * shape.strideRows + shape.dilationRows * (shape.kernelRows - 1) + 1),
        columns: min(
          shape.inputColumns,
          (columns - 1) * shape.strideColumns + shape.dilationColumns * (shape.kernelColumns - 1) + 1),
        channels: channels)
  }

  func buffers(_ mapping: VectorMapping) -> Buffers {
    if case .movement = problem.shape {
      let word = machine.activationWord
      return Buffers(
        input: problem.moved.reduce(0) { $0 + $1.largest(of: mapping.pieces) }, further: 0,
        output: problem.outputIsOnChip
          ? 0
          : problem.writesRows && problem.rows >= mapping.pieces
            ? problem.output.bytes(
              rows: problem.rows.dividedUp(by: mapping.pieces), columns: problem.columns,
              channels: problem.channels)
            : problem.writtenBytes.dividedUp(by: mapping.pieces).roundedUp(to: word))
    }
    let output: Int
    if case .reduction = problem.shape {
      output = problem.output.bytes(
        rows: problem.recipe.domain == .wholeChannels ? mapping.rowTile * mapping.columnTile : 1, columns: 1,
        channels: problem.recipe.domain == .wholePixels ? mapping.channelTile : 1)
    } else {
      output = problem.output.bytes(
        rows: mapping.rowTile, columns: mapping.columnTile, channels: mapping.channelTile)
    }
    return Buffers(
      input: problem.inputIsOnChip
        ? 0 : inputBytes(rows: mapping.rowTile, columns: mapping.columnTile, channels: mapping.channelTile),
      further: problem.loadedFurther > 0 ? output : 0, output: problem.outputIsOnChip ? 0 : output)
  }

  func need(_ mapping: VectorMapping) -> [Int] {
    let buffers = buffers(mapping)
    var need = machine.model.scratchpads.map { _ in 0 }
    need[machine.activations] +=
      2 * (buffers.input + buffers.output + problem.loadedFurther * buffers.further)
      + min(problem.repeatedBytes, ArrayCost.repeatedBuffer)
    need[machine.weights] += problem.weightBytes
    return need
  }

  func fits(_ mapping: VectorMapping) -> Bool { zip(need(mapping), problem.budgets).allSatisfy { $0 <= $1 } }

  /// The bytes by scratchpad that the smallest tile needs.
  func smallestNeed() -> [Int] {
    need(
      VectorMapping(
        channelTile: min(problem.channels, machine.blockChannels), rowTile: 1, columnTile: 1, pieces: 1 << 16,
        readsTwice: true))
  }

  // MARK: Time

  /// Elements of one tile as the passes count them: of the operand and of the result.
  func elements(rows: Int, columns: Int, channels: Int) -> (operand: Int, result: Int) {
    let lanes = machine.model.vector.lanes
    let group = min(lanes, machine.blockChannels)
    let pixels = rows * columns
    let padded =
      problem.input.isInterleaved ? channels : channels.roundedUp(to: min(group, channels.roundedUp(to: 1)))
    let tile = pixels * padded
    switch problem.shape {
    case .pointwise: return (tile, tile)
    case .window(let shape): return (tile * shape.kernelPositions, tile)
    case .reduction:
      switch problem.recipe.domain {
      case .wholePixels: return (tile, padded)
      case .wholeChannels: return (tile, pixels)
      default: return (tile, 1)
      }
    case .movement: return (tile, tile)
    }
  }

  /// Cycles of the vector unit for one tile.
  func cycles(rows: Int, columns: Int, channels: Int) -> Int {
    let (operand, result) = elements(rows: rows, columns: columns, channels: channels)
    let lanes = machine.model.vector.lanes
    return problem.recipe.passes.reduce(0) { sum, pass in
      let count: Int
      switch pass.count {
      case .operandElements: count = operand
      case .resultElements: count = result
      case .rows: count = problem.recipe.domain == .wholePixels ? channels : rows * columns
      }
      let steps = count.dividedUp(by: lanes)
      let final =
        pass.finalClasses.isEmpty
        ? 0
        : result.dividedUp(by: lanes)
          * (machine.cycles(of: pass.classes + pass.finalClasses) - machine.cycles(of: pass.classes))
      return sum + steps * machine.cycles(of: pass.classes) + final + machine.model.vector.pipelineCycles
    }
  }

  func estimate(_ mapping: VectorMapping) -> MappingEstimate {
    var vector = 0
    var count = 0
    for (rows, rowCount) in Cuts(problem.rows, mapping.rowTile) {
      for (columns, columnCount) in Cuts(problem.columns, mapping.columnTile) {
        for (channels, channelCount) in Cuts(problem.channels, mapping.channelTile) {
          let times = rowCount * columnCount * channelCount * problem.images * problem.groups
          vector += times * cycles(rows: rows, columns: columns, channels: channels)
          count += times
        }
      }
    }
    let buffers = buffers(mapping)
    let input = buffers.input * count * (mapping.readsTwice ? 2 : 1)
    let bytes =
      input + count * (buffers.output + problem.loadedFurther * buffers.further) + problem.repeatedBytes
      + problem.weightBytes
    let run = problem.input.run(
      rows: mapping.rowTile, columns: mapping.columnTile, ofColumns: problem.columns)
    let transfers =
      (problem.inputIsOnChip ? 0 : count) + (problem.outputIsOnChip ? 0 : count) + count
      * problem.loadedFurther
    let moved =
      machine.tiers.isEmpty
      ? memoryCycles(bytes, run: run)
      : readCycles(input, run: run) + memoryCycles(bytes - input, run: run)
    let memory = moved + Double(transfers * machine.model.dma.setupCycles)
    let slowest = max(Double(vector), memory)
    let share = 1 / Double(max(1, count))
    // Two sweeps are not shared out: the second needs what the first has found everywhere.
    let imbalance = machine.imbalance(ofTiles: mapping.readsTwice ? 1 : count)
    let cycles = (slowest * (1 - share) + (Double(vector) + memory) * share) * imbalance
    return MappingEstimate(
      cycles: cycles, arrayCycles: 0, memoryCycles: memory, vectorCycles: Double(vector), memoryBytes: bytes,
      tiles: count, steps: count, bound: memory > Double(vector) ? .memory : .vector,
      energy: Double(bytes) * 40)
  }

  private func memoryCycles(_ bytes: Int, run: Int) -> Double {
    guard bytes > 0 else { return 0 }
    let waste = run == .max ? 1 : 1 + Double(machine.memoryAccessBytes) / 2 / Double(max(1, run))
    return Double(bytes) * waste / machine.memoryRate
  }

  /// Cycles for what the layers before have written, `bytes` in all.
  private func readCycles(_ bytes: Int, run: Int) -> Double {
    let cycles = memoryCycles(bytes, run: run)
    return machine.tiers.isEmpty ? cycles : cycles * machine.memoryRate / machine.tiers.rate(among: bytes)
  }
}
