import Hardware
import Simulator

/// The MAC array's controller, stepped cycle by cycle: which fold loads, streams and leaves.
///
/// The rules are those of the register-level arrays; here they meet memories that refuse.
final class SteppedArray {
  /// One fold of a tile.
  final class Fold {
    let tile: Tile
    let index: Int
    let isLast: Bool
    var loadAccesses = 0
    var drainAccesses = 0
    /// Rows of results that left with the last operand.
    var goneAccesses = 0
    /// Steps of its stream that begin sums.
    var firstSteps = 0
    var isLoaded = false
    var streamStart: Int?
    var streamEnd: Int?
    /// When its results may begin to leave.
    var ready: Int?
    var isDrained = false
    var loadStart = 0
    var loadEnd = 0
    var loadRefusals = 0

    init(tile: Tile, index: Int, isLast: Bool) {
      self.tile = tile
      self.index = index
      self.isLast = isLast
    }
  }

  /// A tile and what it asks of the array.
  final class Tile {
    let instruction: Int
    let start: Int
    let work: ArrayTile
    var loadCycles = 0
    var steps = 0
    var drainCycles = 0
    var skew = 0
    var drainSkew = 0
    var reductions = 1
    var folds: [Fold] = []
    /// The passes of a row-stationary array whose sums travel over a port.
    var passes: Passes?

    init(instruction: Int, start: Int, work: ArrayTile) {
      self.instruction = instruction
      self.start = start
      self.work = work
    }

    var hasStreamedAll: Bool { folds.allSatisfy { $0.streamStart != nil } }
  }

  private unowned let machine: SteppedMachine
  let array: MACArray
  private let parts: Int
  /// Bytes of a partial sum, and of the words of each memory.
  private let sumBytes: Int
  private let wordBytes: [Int]
  /// Tiles whose folds have not all streamed, oldest first.
  private var tiles: [Tile] = []
  /// Folds in the order of their streams whose results are still in the array.
  private var undrained: [Fold] = []
  private var sideIsBusy = false
  private var streaming: Fold?
  private var earliestStream = 0
  private var earliestLoad = 0
  private var isLoadingNext = false
  /// Words of partial sums read, by memory, and of results written that no walker carries.
  private(set) var sumReads: [Int]
  private(set) var sumWrites: [Int]

  init(machine: SteppedMachine, model: HardwareModel, format: OperandFormat.Name) {
    self.machine = machine
    array = model.array
    sumReads = model.scratchpads.map { _ in 0 }
    sumWrites = sumReads
    sumBytes = model.array.formats.first { $0.name == format }?.accumulatorBytes ?? 4
    wordBytes = model.scratchpads.map(\.wordBytes)
    let rate = model.array.formats.first { $0.name == format }?.rate ?? 1
    parts = Int((1000 / rate).rounded())
  }

  func accepts() -> Bool {
    if tiles.isEmpty { return true }
    return tiles.count == 1 && array.overlapsPreload && tiles[0].hasStreamedAll
  }

  func start(_ instruction: Int, _ work: ArrayTile, in cycle: Int) {
    let tile = Tile(instruction: instruction, start: cycle, work: work)
    let isSystolic = array.kind == .systolic
    func cut(_ total: Int, _ size: Int) -> [Int] {
      stride(from: 0, to: total, by: size).map { min(size, total - $0) }
    }
    var loads: [Int] = [0]
    var drains: [Int] = [0]
    var goneRows: [Int] = []
    var firstSteps: (Int, Int) -> Int = { reduction, _ in reduction == 0 ? tile.steps : 0 }
    tile.skew = array.pipelineCycles
    if array.kind == .rowStationary, work.depthwiseChannels == 0 {
      let passes = passes(of: work, cut)
      loads = Array(repeating: passes.taps, count: passes.reductions)
      tile.loadCycles = passes.taps
      tile.steps = passes.steps
      tile.passes = array.passes == nil ? nil : passes
      tile.skew += passes.chain
      drains = Array(repeating: 0, count: passes.outer)
      firstSteps = { reduction, group in
        passes.beginsSums(reduction) && group % passes.filterGroups == 0 ? passes.width : 0
      }
    } else if work.depthwiseChannels > 0 {
      loads = Array(repeating: 1, count: work.kernelPositions)
      tile.loadCycles = 1
      tile.steps = cut(work.m, array.pixels).count
      drains = Array(
        repeating: 0, count: cut(work.depthwiseChannels, max(1, array.depthwiseChannels)).count)
    } else {
      let positions = work.packsKernel ? 1 : work.kernelPositions
      let depth = (work.k + positions - 1) / positions
      if work.dataflow == .outputStationary, isSystolic {
        tile.steps = work.k
        let columns = cut(work.n, array.columns).count
        let rows = (0..<columns).flatMap { _ in cut(work.m, array.rows) }
        // A single column's first row is on the bus while the last operand enters.
        let isGone = array.drain == .bus && array.columns == 1
        tile.drainCycles = isGone ? array.rows - 1 : array.rows
        drains = rows.map { min($0, tile.drainCycles) }
        goneRows = zip(rows, drains).map { $0 - $1 }
        tile.skew += array.drain == .bus ? max(0, array.columns - 2) : array.rows + array.columns - 2
        tile.drainSkew = tile.skew
      } else if work.dataflow == .outputStationary {
        tile.steps = positions * cut(depth, min(array.rows, array.preloadRowsPerCycle)).count
        tile.drainCycles = 1
        drains = Array(
          repeating: 1, count: cut(work.n, array.columns).count * cut(work.m, array.pixels).count)
      } else {
        let isInput = work.dataflow == .inputStationary
        loads = (0..<positions).flatMap { _ in
          cut(depth, array.rows).map { ($0 + array.preloadRowsPerCycle - 1) / array.preloadRowsPerCycle }
        }
        tile.loadCycles = cut(array.rows, array.preloadRowsPerCycle).count
        tile.steps = cut(isInput ? work.n : work.m, array.pixels).count
        drains = Array(repeating: 0, count: cut(isInput ? work.m : work.n, array.columns).count)
        if isSystolic { tile.skew += array.rows + array.columns - 2 }
      }
    }
    tile.reductions = loads.count
    for (group, drain) in drains.enumerated() {
      for (reduction, load) in loads.enumerated() {
        let fold = Fold(
          tile: tile, index: group * loads.count + reduction,
          isLast: group == drains.count - 1 && reduction == loads.count - 1)
        fold.loadAccesses = load
        fold.drainAccesses = drain
        fold.goneAccesses = group < goneRows.count ? goneRows[group] : 0
        fold.firstSteps = firstSteps(reduction, group)
        tile.folds.append(fold)
      }
    }
    tiles.append(tile)
  }

  func step(_ cycle: Int) {
    stepDrain(cycle)
    stepStream(cycle)
    stepLoad(cycle)
  }

  private func stepDrain(_ cycle: Int) {
    guard !sideIsBusy, let fold = undrained.first, let ready = fold.ready, ready <= cycle else { return }
    let tile = fold.tile
    sideIsBusy = true
    walkSide(tile.work.output, fold.index, fold.drainAccesses, cycle + tile.drainCycles - fold.drainAccesses)
    {
      [self] walker in
      sideIsBusy = false
      undrained.removeFirst()
      if tile.work.accumulates { readSums(tile.work.output, fold.drainAccesses) }
      let out = walker.servedAt + tile.skew - tile.drainSkew
      if !array.overlapsFolds {
        earliestStream = max(earliestStream, out)
        let refused = min(walker.servedAt, machine.causes.booked + walker.refusals)
        machine.causes.book(until: refused, .bankConflict, of: tile.instruction)
        machine.causes.book(until: out, .fillDrain, of: tile.instruction)
      }
      if fold.isLast { machine.complete(tile.instruction, at: out) }
    }
  }

  private func walkSide(
    _ pattern: AccessPattern, _ fold: Int, _ accesses: Int, _ first: Int,
    whenDone: @escaping (SteppedWalker) -> Void
  ) {
    machine.scratchpads.walkers[1] = SteppedWalker(
      lanes: [SteppedWalker.Lane(pattern: pattern, fold: fold)], steps: accesses, firstBid: first,
      nominalCycle: { $0 }, whenDone: whenDone)
  }

  private func stepStream(_ cycle: Int) {
    guard streaming == nil, let tile = tiles.first,
      let fold = tile.folds.first(where: { $0.streamStart == nil }), cycle >= earliestStream,
      tile.loadCycles == 0 || fold.isLoaded, undrained.count <= (array.overlapsFolds ? 1 : 0)
    else { return }
    bookGap(before: fold, cycle)
    streaming = fold
    fold.streamStart = cycle
    earliestStream = cycle + array.minimumFoldCycles
    let work = tile.work
    let reduction = SteppedWalker.Lane(pattern: work.activations, fold: fold.index % tile.reductions)
    let output = SteppedWalker.Lane(pattern: work.output, fold: fold.index / tile.reductions)
    let lanes: [SteppedWalker.Lane]
    if work.depthwiseChannels > 0 {
      lanes = [SteppedWalker.Lane(pattern: work.activations, fold: fold.index), output]
    } else if work.dataflow == .inputStationary {
      lanes = [SteppedWalker.Lane(pattern: work.weights, fold: fold.index % tile.reductions), output]
    } else if work.dataflow == .outputStationary {
      lanes = [
        SteppedWalker.Lane(pattern: work.activations, fold: fold.index),
        SteppedWalker.Lane(pattern: work.weights, fold: fold.index),
      ]
    } else {
      lanes = [reduction, output]
    }
    let keepsResults =
      work.dataflow == .outputStationary && work.depthwiseChannels == 0 && array.kind != .rowStationary
    if !keepsResults, tile.passes == nil {
      readSums(work.output, tile.steps - (work.accumulates ? 0 : fold.firstSteps))
    }
    let parts = parts
    let nominal: (Int) -> Int = { ($0 * parts + 999) / 1000 }
    machine.scratchpads.walkers[0] = SteppedWalker(
      lanes: lanes, steps: tile.steps, firstBid: cycle, nominalCycle: nominal
    ) { [self] walker in
      let end = walker.servedAt + nominal(tile.steps) - nominal(tile.steps - 1) - 1
      streaming = nil
      fold.streamEnd = end
      machine.causes.book(
        until: machine.causes.booked + walker.refusals, .bankConflict, of: tile.instruction)
      machine.causes.book(until: end, .compute, of: tile.instruction)
      // Without overlap the fold's own way out is over before anything else.
      if !array.overlapsFolds {
        machine.causes.book(until: end + tile.skew, .fillDrain, of: tile.instruction)
      }
      if fold.goneAccesses > 0 {
        writeSums(work.output, fold.goneAccesses)
        if work.accumulates { readSums(work.output, fold.goneAccesses) }
      }
      earliestStream = max(earliestStream, array.overlapsFolds ? end : end + tile.skew)
      if !array.overlapsPreload { earliestLoad = array.overlapsFolds ? end : end + tile.skew }
      if tile.drainCycles > 0 {
        fold.ready = end + tile.drainSkew
        undrained.append(fold)
      } else if fold.isLast {
        machine.complete(tile.instruction, at: end + tile.skew)
      }
      if fold.isLast {
        if let passes = tile.passes { countTravels(passes, of: tile) }
        tiles.removeFirst()
      }
    }
  }

  /// Counts what travelled over a port in place of the accesses in each step, in which the walker held the memories.
  private func countTravels(_ passes: Passes, of tile: Tile) {
    let (work, folds) = (tile.work, tile.folds.count)
    if work.activations.memory >= 0 {
      sumReads[work.activations.memory] -= folds * (passes.steps - passes.working) * work.activations.words
    }
    guard work.output.memory >= 0, let port = array.passes else { return }
    let words = (0..<port.sumsPerCycle * sumBytes).count { $0 % wordBytes[work.output.memory] == 0 }
    sumWrites[work.output.memory] += passes.travels * words - folds * passes.steps * work.output.words
    sumReads[work.output.memory] += (passes.travels - (work.accumulates ? 0 : passes.beginning)) * words
  }

  private func readSums(_ output: AccessPattern, _ accesses: Int) {
    if output.memory >= 0 { sumReads[output.memory] += accesses * output.words }
  }

  private func writeSums(_ output: AccessPattern, _ accesses: Int) {
    if output.memory >= 0 { sumWrites[output.memory] += accesses * output.words }
  }

  private func stepLoad(_ cycle: Int) {
    guard !sideIsBusy else { return }
    for (number, tile) in tiles.enumerated() where tile.loadCycles > 0 {
      guard let fold = tile.folds.first(where: { !$0.isLoaded }) else { continue }
      if number == 0 {
        let last = fold.index > 0 ? tile.folds[fold.index - 1] : nil
        // A shadow register is free once the stream has begun to use the last operand, a single one once it is over.
        let isFree = last.map { array.overlapsPreload ? $0.streamStart != nil : $0.streamEnd != nil } ?? true
        guard isFree, cycle >= earliestLoad else { return }
      } else {
        guard fold.index == 0, tiles[0].hasStreamedAll else { return }
      }
      sideIsBusy = true
      fold.loadStart = cycle
      let isInput = tile.work.dataflow == .inputStationary && tile.work.depthwiseChannels == 0
      walkSide(
        isInput ? tile.work.activations : tile.work.weights, fold.index, fold.loadAccesses,
        cycle + tile.loadCycles - fold.loadAccesses
      ) { [self] walker in
        sideIsBusy = false
        fold.isLoaded = true
        fold.loadEnd = walker.servedAt
        fold.loadRefusals = walker.refusals
      }
      return
    }
  }

  /// Of the cycles since the last stream, those in which the fold's operand was entering or refused.
  private func bookGap(before fold: Fold, _ cycle: Int) {
    let instruction = fold.tile.instruction
    if fold.index == 0 { machine.causes.wait(until: fold.tile.start, for: instruction) }
    if fold.tile.loadCycles > 0, fold.loadEnd > machine.causes.booked {
      machine.causes.book(until: fold.loadStart, .fillDrain, of: instruction)
      let refused = min(fold.loadEnd, machine.causes.booked + fold.loadRefusals)
      machine.causes.book(until: refused, .bankConflict, of: instruction)
      machine.causes.book(until: fold.loadEnd, .preload, of: instruction)
    }
    machine.causes.book(until: cycle, .fillDrain, of: instruction)
  }
}
