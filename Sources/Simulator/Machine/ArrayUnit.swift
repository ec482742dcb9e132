import Hardware

/// What the MAC array is at: the tile that streams, the next one whose first operand may already be loading, and
/// results on their way out.
struct ArrayUnit {
  /// A tile under way.
  struct TileRun {
    var instruction: Int
    /// Index into the program's array tiles.
    var tile: Int
    var plan: FoldPlan
    /// Folds whose stationary operand is in place.
    var loaded = 0
    /// Folds whose stream has started, and has ended.
    var streamed = 0
    var finished = 0
    /// The last preload: when it started and ended, and how often it was refused a bank.
    var sideStart = 0
    var sideEnd = 0
    var sideStalls = 0
    /// Folds whose results have left (output-stationary).
    var drained = 0

    var needsPreload: Bool { plan.preloadCycles > 0 }
    var drains: Bool { plan.drainCycles > 0 }
  }

  /// Which tile the side accesses belong to.
  enum SideOwner { case front, next, draining }

  var front: TileRun?
  var next: TileRun?
  /// Output-stationary tiles that have streamed and whose results still leave, oldest first.
  var draining: [TileRun] = []
  var streams = false
  var side: SideOwner?
  /// No stream before this cycle: least distance between folds, or fill and drain where folds do not overlap.
  var earliestStream = 0
  /// No preload before this cycle.
  var earliestPreload = 0
  /// When the results of each finished output-stationary fold may start to leave, oldest first.
  var drainReady: [Int] = []
  /// The next cycle in which a time limit runs out; `Int.max` when nothing waits for time.
  var nextEvent = Int.max

  /// Whose stationary operand can be loaded now, if anybody's: one fold ahead of the stream at most.
  ///
  /// Reads single fields, for it is asked in every cycle that the machine visits.
  @inline(__always)
  func preloadOwner(overlaps: Bool) -> SideOwner? {
    guard let loaded = front?.loaded, let folds = front?.plan.folds, let finished = front?.finished,
      let streamed = front?.streamed, let cycles = front?.plan.preloadCycles
    else { return nil }
    if cycles > 0, loaded < folds {
      let isFree = overlaps ? loaded == streamed : loaded == finished && !streams
      return isFree ? .front : nil
    }
    guard next?.loaded == 0, let waiting = next?.plan.preloadCycles, waiting > 0, streamed == folds else {
      return nil
    }
    return .next
  }

  /// Whether the front tile's next stream could start but for limits of time.
  @inline(__always)
  var isReadyToStream: Bool {
    guard !streams, let folds = front?.plan.folds, let streamed = front?.streamed, streamed < folds,
      let loaded = front?.loaded, let cycles = front?.plan.preloadCycles
    else { return false }
    return cycles == 0 || loaded > streamed
  }

  /// Output-stationary folds that have streamed and whose results have not left.
  @inline(__always)
  var waitingResults: Int {
    var waiting = 0
    if let cycles = front?.plan.drainCycles, cycles > 0, let finished = front?.finished,
      let drained = front?.drained
    {
      waiting = finished - drained
    }
    for run in draining { waiting += run.plan.folds - run.drained }
    return waiting
  }

  /// Whether the next instruction may enter.
  func accepts(overlapsPreload: Bool) -> Bool {
    guard let streamed = front?.streamed, let folds = front?.plan.folds else { return true }
    return overlapsPreload && streamed == folds && next?.instruction == nil
  }
}

extension MachineRun {
  mutating func startArray(_ instruction: Int) {
    let tile = payload(of: instruction)
    let run = ArrayUnit.TileRun(
      instruction: instruction, tile: tile, plan: FoldPlan(program.arrayTiles[tile], on: model.array))
    if array.front == nil { array.front = run } else { array.next = run }
  }

  /// Starts whatever the array can start in this cycle.
  mutating func advanceArray() {
    array.nextEvent = Int.max
    startDrain()
    startStream()
    startPreload()
  }

  private func waits(until cycle: Int) -> Bool { cycle > now }

  private mutating func startPreload() {
    guard array.side == nil, let owner = array.preloadOwner(overlaps: model.array.overlapsPreload) else {
      return
    }
    if owner == .front, waits(until: array.earliestPreload) {
      array.nextEvent = min(array.nextEvent, array.earliestPreload)
      return
    }
    if owner == .front { array.front?.sideStart = now } else { array.next?.sideStart = now }
    guard let run = owner == .front ? array.front : array.next else { return }
    array.side = owner
    startSide(preloading: run)
  }

  private mutating func startSide(preloading run: ArrayUnit.TileRun) {
    let tile = program.arrayTiles[run.tile]
    let isInputStationary = tile.dataflow == .inputStationary && tile.depthwiseChannels == 0
    let pattern = isInputStationary ? tile.activations : tile.weights
    // The rows that a short fold leaves empty enter first, and need no access.
    let accesses = run.plan.preloadAccesses(of: run.loaded)
    arbiter.start(
      AccessGroup(
        AccessLane(pattern, fold: run.loaded, in: model.scratchpads), steps: accesses,
        firstBid: now + run.plan.preloadCycles - accesses),
      as: .arraySide)
  }

  /// Output-stationary results leave one row a cycle once the skew has run out.
  private mutating func startDrain() {
    guard array.side == nil, !array.draining.isEmpty || (array.front?.plan.drainCycles ?? 0) > 0 else {
      return
    }
    let owner: ArrayUnit.SideOwner
    let run: ArrayUnit.TileRun
    if let draining = array.draining.first {
      (owner, run) = (.draining, draining)
    } else if let front = array.front, front.drains, front.drained < front.finished {
      (owner, run) = (.front, front)
    } else {
      return
    }
    guard let ready = array.drainReady.first else { return }
    if waits(until: ready) {
      array.nextEvent = min(array.nextEvent, ready)
      return
    }
    array.drainReady.removeFirst()
    array.side = owner
    // The rows that a short fold leaves empty are at the bottom and leave first.
    let accesses = run.plan.drainAccesses(of: run.drained)
    arbiter.start(
      AccessGroup(
        AccessLane(program.arrayTiles[run.tile].output, fold: run.drained, in: model.scratchpads),
        steps: accesses,
        firstBid: now + run.plan.drainCycles - accesses),
      as: .arraySide)
  }

  private mutating func startStream() {
    guard array.isReadyToStream else { return }
    // One finished fold's results may wait in the shadow registers while the next fold streams.
    guard array.waitingResults <= (model.array.overlapsFolds ? 1 : 0) else { return }
    if waits(until: array.earliestStream) {
      array.nextEvent = min(array.nextEvent, array.earliestStream)
      return
    }
    guard var front = array.front else { return }
    bookGap(before: front)
    let fold = front.streamed
    let reduction = fold % front.plan.reductionFolds
    let output = fold / front.plan.reductionFolds
    let tile = program.arrayTiles[front.tile]
    let memories = model.scratchpads
    let unused = AccessLane.unused
    let lanes: (AccessLane, AccessLane, AccessLane)
    if tile.depthwiseChannels > 0 {
      lanes = (
        AccessLane(tile.activations, fold: fold, in: memories), unused,
        AccessLane(tile.output, fold: output, in: memories)
      )
    } else {
      switch tile.dataflow {
      case .weightStationary, .rowStationary:
        lanes = (
          AccessLane(tile.activations, fold: reduction, in: memories), unused,
          AccessLane(tile.output, fold: output, in: memories)
        )
      case .inputStationary:
        lanes = (
          unused, AccessLane(tile.weights, fold: reduction, in: memories),
          AccessLane(tile.output, fold: output, in: memories)
        )
      case .outputStationary:
        lanes = (
          AccessLane(tile.activations, fold: fold, in: memories),
          AccessLane(tile.weights, fold: fold, in: memories), unused
        )
      }
    }
    arbiter.start(
      AccessGroup(
        lanes.0, lanes.1, lanes.2, steps: front.plan.streamAccesses, firstBid: now,
        interval: streamPace.interval, phase: streamPace.phase),
      as: .arrayStream)
    array.streams = true
    array.earliestStream = now + model.array.minimumFoldCycles
    front.streamed += 1
    array.front = front
    isDirty = true
  }

  /// Books the cycles between the last stream and this one.
  private mutating func bookGap(before run: ArrayUnit.TileRun) {
    let layer = layer(of: run.instruction)
    let start = timeline.start[run.instruction]
    if run.streamed == 0, start > causes.bookedUntil {
      bookIdle(until: start, leadingTo: run.instruction, includingItself: false)
    }
    if run.needsPreload, run.sideEnd > causes.bookedUntil {
      // Before the preload the fold before drained.
      causes.book(until: run.sideStart, .fillDrain, layer: layer)
      let stalls = min(run.sideStalls, run.sideEnd - causes.bookedUntil)
      causes.book(until: causes.bookedUntil + stalls, .bankConflict, layer: layer)
      causes.book(until: run.sideEnd, .preload, layer: layer)
    }
    causes.book(until: now, .fillDrain, layer: layer)
  }

  /// Books an idle stretch of the array along the chain of what it waited for.
  mutating func bookIdle(until end: Int, leadingTo instruction: Int, includingItself: Bool) {
    let pieces = path.pieces(
      from: causes.bookedUntil, to: end, leadingTo: instruction, includingItself: includingItself,
      timeline: timeline)
    for piece in pieces.reversed() {
      if piece.cause == .memoryLoad || piece.cause == .memoryStore {
        let contended = port.contendedCycles(in: piece.start..<piece.end)
        causes.book(until: piece.start + contended, .contention, layer: piece.layer)
      }
      causes.book(until: piece.end, piece.cause, layer: piece.layer)
    }
    port.forgetContention(before: causes.bookedUntil)
  }

  /// Books the cycles in which a stream was served or refused.
  mutating func bookStream(until end: Int, refused: Int) {
    guard let front = array.front, end > causes.bookedUntil else { return }
    let layer = layer(of: front.instruction)
    causes.book(until: causes.bookedUntil + refused, .bankConflict, layer: layer)
    causes.book(until: end, .compute, layer: layer)
  }

  mutating func sideFinished() {
    guard let owner = array.side else { return }
    array.side = nil
    let stalls = arbiter.group(.arraySide).stalls
    switch owner {
    case .front where array.front?.needsPreload == true:
      array.front?.loaded += 1
      array.front?.sideEnd = now
      array.front?.sideStalls = stalls
    case .front:
      array.front?.drained += 1
      if let front = array.front { waitForPipeline(of: front, stalls: stalls) }
    case .next:
      array.next?.loaded += 1
      array.next?.sideEnd = now
      array.next?.sideStalls = stalls
    case .draining:
      array.draining[0].drained += 1
      let run = array.draining[0]
      waitForPipeline(of: run, stalls: stalls)
      if run.drained == run.plan.folds {
        array.draining.removeFirst()
        finishTile(run, at: now + run.plan.skewCycles - run.plan.skewBeforeDrain)
      }
    }
  }

  /// Where folds do not overlap, nothing streams before drained results have passed their pipeline.
  private mutating func waitForPipeline(of run: ArrayUnit.TileRun, stalls: Int) {
    guard !model.array.overlapsFolds else { return }
    let settled = now + run.plan.skewCycles - run.plan.skewBeforeDrain
    array.earliestStream = max(array.earliestStream, settled)
    let layer = layer(of: run.instruction)
    causes.book(until: min(now, causes.bookedUntil + stalls), .bankConflict, layer: layer)
    causes.book(until: settled, .fillDrain, layer: layer)
  }

  mutating func streamFinished() {
    guard var front = array.front else { return }
    array.streams = false
    front.finished += 1
    array.front = front
    // The last step takes its whole interval.
    let streamEnd = now + arbiter.group(.arrayStream).trailing
    causes.book(until: streamEnd, .compute, layer: layer(of: front.instruction))
    array.earliestStream = max(array.earliestStream, streamEnd)
    let settled = streamEnd + front.plan.skewCycles
    if front.drains { array.drainReady.append(streamEnd + front.plan.skewBeforeDrain) }
    if !model.array.overlapsFolds {
      array.earliestStream = max(array.earliestStream, settled)
      causes.book(until: settled, .fillDrain, layer: layer(of: front.instruction))
    }
    // A cell with one register gives up its stationary operand only when it is done with it.
    if !model.array.overlapsPreload {
      array.earliestPreload = model.array.overlapsFolds ? streamEnd : settled
    }
    guard front.finished == front.plan.folds else { return }
    if front.drains {
      array.draining.append(front)
      // An earlier fold of the tile may be on its way out.
      if array.side == .front { array.side = .draining }
    } else {
      finishTile(front, at: settled)
    }
    array.front = array.next
    array.next = nil
    if array.side == .next { array.side = .front }
  }

  private mutating func finishTile(_ run: ArrayUnit.TileRun, at end: Int) {
    let layer = layer(of: run.instruction)
    let start = timeline.start[run.instruction]
    let plan = run.plan
    let tile = program.arrayTiles[run.tile]
    let streamed = plan.operandAccesses
    let preloaded = plan.totalPreloadAccesses
    energy.chargeArray(
      macs: tile.macs, streamCycles: plan.folds * streamPace.cycles(of: plan.streamAccesses), layer: layer,
      from: start, to: end)
    let isOutputStationary = plan.keepsResults
    let isInputStationary = tile.dataflow == .inputStationary && tile.depthwiseChannels == 0
    let activations = isInputStationary ? preloaded : streamed
    let weights = isOutputStationary || isInputStationary ? streamed : preloaded
    energy.chargeScratchpad(
      tile.activations.memory, reads: activations * tile.activations.words, writes: 0, layer: layer,
      from: start,
      to: end)
    energy.chargeScratchpad(
      tile.weights.memory, reads: weights * tile.weights.words, writes: 0, layer: layer, from: start, to: end)
    let results = isOutputStationary ? plan.totalDrainAccesses : plan.sumAccesses
    let firstResults = isOutputStationary ? results : plan.firstAccesses
    let words = sumWords(of: tile)
    energy.chargeScratchpad(
      tile.output.memory, reads: (results - (tile.accumulates ? 0 : firstResults)) * words,
      writes: results * words, layer: layer, from: start, to: end)
    uses[layer] = (uses[layer] ?? ArrayUse(dataflow: tile.dataflow)) + ArrayUse(tile, plan, on: model.array)
    complete(run.instruction, at: end)
  }

  /// Words of an access to sums: those of the pattern, or what a port carries in a cycle.
  private func sumWords(of tile: ArrayTile) -> Int {
    guard let port = model.array.passes, tile.depthwiseChannels == 0, tile.output.memory >= 0 else {
      return tile.output.words
    }
    let format = model.array.formats.first { $0.name == program.format }
    let word = max(1, model.scratchpads[tile.output.memory].wordBytes)
    return (port.sumsPerCycle * (format?.accumulatorBytes ?? 4) + word - 1) / word
  }
}
