import Hardware
import Measures

/// The state of a machine while it runs one program.
///
/// Time jumps from event to event; in each cycle visited the parts act in one order: completions of main memory and
/// of stores, sequencer, starts of units, array, DMA, and last the scratchpad arbiter, whose grants take effect in the next cycle.
/// What completes in cycle `t` can be used from cycle `t` on.
struct MachineRun {
  let model: HardwareModel
  let program: Program
  /// Whether to visit every cycle (the slow twin) instead of jumping.
  let stepsEveryCycle: Bool

  var now = 0
  var timeline: Timeline
  var causes: CauseLedger
  var energy: EnergyLedger
  /// What the array did for each layer; nil for layers it has no part in.
  var uses: [ArrayUse?]
  var arbiter: Arbiter
  var port: MemoryPort
  var issue: IssueStage
  var array = ArrayUnit()
  var vector = VectorRun()
  var loads: LoadEngine
  var stores: StoreEngine
  /// Set when something in this cycle lets another part act in the next one.
  var isDirty = true
  let toCore: ClockRatio
  let toBus: ClockRatio
  /// Core cycles of the way to main memory and back.
  let roundTrip: Int
  let streamPace: StreamPace
  let path: CriticalPath

  /// What has to come from other cores, and what goes to them.
  var exchange: Exchange
  /// The next cycle in which the core acts, when it is one of several; `Int.max` once it is done.
  var next = 0

  /// - Parameter memory: What an earlier run left; its caches are the port's.
  init(
    model: HardwareModel, program: Program, port: MemoryPort, exchange: Exchange = Exchange(),
    memory: MemoryState? = nil, stepsEveryCycle: Bool
  ) {
    self.model = model
    self.program = program
    self.stepsEveryCycle = stepsEveryCycle
    timeline = Timeline(count: program.instructions.count)
    causes = CauseLedger(layers: program.layers.count)
    energy = EnergyLedger(model: model, program: program)
    uses = Array(repeating: nil, count: max(1, program.layers.count))
    arbiter = Arbiter(scratchpads: model.scratchpads)
    self.port = port
    self.exchange = exchange
    issue = IssueStage(program: program, sequencer: model.sequencer)
    toCore = ClockRatio(from: model.dma.clock, to: model.clock)
    toBus = ClockRatio(from: model.clock, to: model.dma.clock)
    roundTrip =
      toCore.span(of: 2 * model.dma.latencyCycles)
      + (model.cores > 1 ? 2 * model.interconnect.latencyCycles : 0)
    loads = LoadEngine(dma: model.dma, scratchpads: model.scratchpads, toCore: toCore, toBus: toBus)
    stores = StoreEngine(dma: model.dma, scratchpads: model.scratchpads, toCore: toCore, toBus: toBus)
    loads.touchedPages = memory?.touchedPages ?? []
    let rate = model.array.formats.first { $0.name == program.format }?.rate ?? 1
    streamPace = StreamPace(rate: rate)
    path = CriticalPath(program: program)
  }

  func deallocate() {
    arbiter.deallocate()
  }

  /// Runs the program to its end.
  mutating func run() {
    while !isDone {
      act()
      now = serveScratchpads(until: nextEvent())
    }
  }

  var isDone: Bool { issue.completed >= program.instructions.count }

  /// Does what is due in this cycle, but for the scratchpads.
  mutating func act() {
    isDirty = false
    collectMemory()
    completeStores()
    issueInstructions()
    startUnits()
    advanceArray()
    advanceLoads()
    advanceStores()
  }

  /// Works out when this core, one of several, acts next, and serves its scratchpads until then.
  ///
  /// - Parameter limit: The first cycle in which another core may hand something over, if this one waits for that.
  mutating func proceed(until limit: Int) {
    defer { if isDone { next = Int.max } }
    guard !isDone else { return }
    lookAtHeads()
    let event = nextEvent()
    // With nothing to serve the core can be called at any time.
    next = arbiter.nextBid == Int.max ? event : serveScratchpads(until: min(event, max(now + 1, limit)))
  }

  /// The earliest later cycle in which anything but the arbiter acts; `Int.max` while only the arbiter can go on.
  private func nextEvent() -> Int {
    if isDirty || stepsEveryCycle { return now + 1 }
    var next = min(issue.nextEvent(after: now), array.nextEvent)
    next = min(next, vector.freeAt > now ? vector.freeAt : Int.max)
    next = min(next, loads.nextEvent(after: now), stores.nextEvent(after: now))
    next = min(next, port.nextEvent(after: now, isBlocked: loads.isBlocked || stores.isBlocked))
    precondition(
      next != Int.max || arbiter.nextBid != Int.max || exchange.isUsed,
      "the program waits for something that never comes")
    return max(next, now + 1)
  }

  /// Whether the head of a queue waits for another core.
  var waitsForOthers: Bool {
    exchange.isUsed && issue.heads.contains { exchange.ready($0) == Int.max }
  }

  /// Takes the news that something an instruction waits for is done on another core; it may start from `cycle` on.
  mutating func receive(for instruction: Int, at cycle: Int) {
    exchange.receive(for: instruction, at: cycle)
    issue.noteNews()
    // A core that waits for it at the head of a queue has not run ahead; to others it makes no difference yet.
    if issue.heads.contains(instruction) { next = min(next, cycle) }
  }

  /// Serves scratchpad bids from this cycle on, until `limit` or until a requester's last access is served.
  private mutating func serveScratchpads(until limit: Int) -> Int {
    let first = max(now, arbiter.nextBid)
    guard first < limit else { return limit }
    let streams = arbiter.isActive(.arrayStream)
    let next = arbiter.run(from: first, until: limit, stepwise: stepsEveryCycle)
    if streams { bookStream(until: next, refused: arbiter.streamRefused) }
    let finished = arbiter.takeFinished()
    guard finished != 0 else { return next }
    now = next
    if finished & (1 << UInt8(Requester.arrayStream.rawValue)) != 0 { streamFinished() }
    if finished & (1 << UInt8(Requester.arraySide.rawValue)) != 0 { sideFinished() }
    if finished & (1 << UInt8(Requester.vector.rawValue)) != 0 { vectorFinished() }
    if finished & (1 << UInt8(Requester.load.rawValue)) != 0 { loadWordsFinished() }
    if finished & (1 << UInt8(Requester.store.rawValue)) != 0 { storeWordsFinished() }
    return next
  }

  /// Notes that `instruction` completes in cycle `end`, now or later.
  mutating func complete(_ instruction: Int, at end: Int) {
    timeline.end[instruction] = end
    issue.noteCompletion(of: instruction, at: end)
    isDirty = true
    exchange.noteCompletion(of: instruction, at: end)
    energy.chargeInstruction(layer: layer(of: instruction), at: timeline.start[instruction])
  }

  func layer(of instruction: Int) -> Int { Int(program.instructions[instruction].layer) }

  func payload(of instruction: Int) -> Int { Int(program.instructions[instruction].payload) }
}
