package import Hardware
import Measures
import Simulator

/// A machine of plain state machines, each of which is stepped in every cycle: the slow twin of the simulator.
///
/// It shares no code with the simulator beside the DRAM channel, keeps no list of events and never looks ahead. In a
/// cycle the parts act in the simulator's order: main memory, sequencer, starts of units, array, DMA, scratchpads.
package final class SteppedMachine {
  /// What a run took.
  package struct Outcome: Equatable {
    package var starts: [Int] = []
    package var ends: [Int] = []
    /// Cycles of the array by layer and cause, causes in the order of their declaration.
    package var causes: [[Int]] = []
    package var reads: [Int] = []
    package var writes: [Int] = []
    /// Cycles in which another core was served while this one had an access waiting.
    package var contended = 0
    package init() {}
  }

  private let model: HardwareModel
  private let program: Program
  let memory: any SteppedMemory
  let scratchpads: SteppedScratchpads
  private var starts: [Int?]
  private var ends: [Int?]
  private var queues: [[Int]] = [[], [], [], []]
  private var requests: [(burst: SteppedTransfers.Burst, engine: SteppedTransfers)] = []
  private var vectorIsBusy = false
  private var vectorFreeAt = 0
  private var completed = 0
  var causes: SteppedCauses
  /// The instruction that ended last; of several in one cycle the one that was the last to say so.
  private var last = 0
  private var lastStarted = [-1, -1, -1, -1]

  private var ended: [SteppedWalker] = []
  private var next = 0
  private var sequencerBusy = 0
  private var isBlocked = false
  private lazy var array = SteppedArray(machine: self, model: model, format: program.format)
  private lazy var loads = SteppedTransfers(isStore: false, machine: self, model: model)
  private lazy var stores = SteppedTransfers(isStore: true, machine: self, model: model)
  /// For the head of each queue, since when it has waited for nothing but another core.
  private var held: [Int?] = [nil, nil, nil, nil]
  /// The earliest start of an instruction as far as other cores go; nil while that is not known.
  var allowedFrom: (Int) -> Int? = { _ in 0 }

  package convenience init(_ model: HardwareModel, _ program: Program) {
    let memory = Self.memory(of: model)
    self.init(
      model, program,
      memory: model.caches.isEmpty ? memory : SteppedCaches(model.caches, before: memory))
  }

  init(_ model: HardwareModel, _ program: Program, memory: any SteppedMemory) {
    self.model = model
    self.program = program
    self.memory = memory
    scratchpads = SteppedScratchpads(model.scratchpads)
    causes = SteppedCauses(program)
    starts = program.instructions.map { _ in nil }
    ends = starts
    sequencerBusy = model.sequencer.networkCycles + (program.instructions.isEmpty ? 0 : decodeCycles(0))
  }

  static func memory(of model: HardwareModel) -> any SteppedMemory {
    switch model.memory {
    case .pipe(let pipe): SteppedPipe(pipe, burstBytes: model.dma.burstBytes, clock: model.clock)
    case .dram(let system): SteppedDRAM(system, clock: model.clock)
    }
  }

  /// Steps until every instruction has completed; nil when that takes more than `limit` cycles.
  package func run(limit: Int = 200_000) -> Outcome? {
    var cycle = 0
    while !isDone {
      guard cycle < limit else { return nil }
      step(cycle)
      cycle += 1
    }
    return outcome
  }

  var isDone: Bool { completed >= program.instructions.count }

  /// When an instruction has completed or will complete; nil while that is not known.
  func end(of instruction: Int) -> Int? { ends[instruction] }

  /// Core cycles of the way to main memory and back.
  private var trip: Int {
    roundedUp(2 * model.dma.latencyCycles, Int(model.clock.value), Int(model.dma.clock.value))
      + (model.cores > 1 ? 2 * model.interconnect.latencyCycles : 0)
  }

  /// One cycle of every part.
  func step(_ cycle: Int) {
    for walker in ended { walker.whenDone(walker) }
    for (access, end) in memory.step(cycle) {
      requests[access].engine.finishAccess(of: requests[access].burst, at: end + trip)
    }
    stores.completeStores(cycle)
    while next < program.instructions.count, sequencerBusy <= cycle {
      let unit = Int(program.instructions[next].kind.rawValue)
      guard queues[unit].count < model.sequencer.queueDepth else {
        isBlocked = true
        break
      }
      if isBlocked { causes.blocker[next] = lastStarted[unit] }
      isBlocked = false
      causes.issued[next] = cycle
      queues[unit].append(next)
      next += 1
      if next < program.instructions.count { sequencerBusy = cycle + decodeCycles(next) }
    }
    for unit in 0..<4 {
      guard let head = queues[unit].first, isReady(head, cycle) else { continue }
      guard isAllowed(head, in: cycle) else {
        if held[unit] == nil, accepts(program.instructions[head].kind, in: cycle) { held[unit] = cycle }
        continue
      }
      let payload = Int(program.instructions[head].payload)
      switch program.instructions[head].kind {
      case .load:
        guard loads.isFree else { continue }
        loads.start(head, program.transfers[payload], in: cycle)
      case .store:
        guard stores.isFree else { continue }
        stores.start(head, program.transfers[payload], in: cycle)
      case .array:
        guard array.accepts() else { continue }
        array.start(head, program.arrayTiles[payload], in: cycle)
      case .vector:
        guard !vectorIsBusy, vectorFreeAt <= cycle else { continue }
        startVector(head, program.vectorTiles[payload], in: cycle)
      }
      queues[unit].removeFirst()
      starts[head] = cycle
      lastStarted[unit] = head
      if let held = held[unit], allowedFrom(head) == cycle { causes.heldFrom[head] = held }
      held[unit] = nil
    }
    array.step(cycle)
    loads.step(cycle)
    stores.step(cycle)
    ended = scratchpads.serve(cycle)
  }

  /// The end of the last instruction.
  var lastEnd: Int { ends.reduce(0) { max($0, $1 ?? 0) } }

  /// Books cycles after the end of the program, while other cores go on.
  func waitForOthers(until end: Int) {
    causes.end(at: lastEnd, with: last)
    causes.book(until: end, .otherCores, of: last)
  }

  /// What the run took.
  var outcome: Outcome {
    var outcome = Outcome()
    outcome.starts = starts.map { $0 ?? -1 }
    outcome.ends = ends.map { $0 ?? -1 }
    causes.end(at: lastEnd, with: last)
    outcome.causes = causes.table(starts: outcome.starts, ends: outcome.ends)
    outcome.reads = model.scratchpads.indices.map {
      scratchpads.reads[$0] + array.sumReads[$0] + stores.wordsMoved[$0]
    }
    outcome.writes = model.scratchpads.indices.map {
      scratchpads.writes[$0] + array.sumWrites[$0] + loads.wordsMoved[$0]
    }
    return outcome
  }

  private func decodeCycles(_ index: Int) -> Int {
    let isFirstOfLayer =
      index == 0 || program.instructions[index].layer != program.instructions[index - 1].layer
    guard isFirstOfLayer else { return model.sequencer.issueCycles }
    let steps = program.layers[Int(program.instructions[index].layer)].hostSteps
    let host = (0..<steps).reduce(0) { total, _ in total + model.sequencer.hostStepCycles }
    return model.sequencer.issueCycles + model.sequencer.layerCycles + host
  }

  private func isReady(_ index: Int, _ cycle: Int) -> Bool {
    let entry = program.instructions[index]
    let range = Int(entry.firstDependency)..<Int(entry.firstDependency + entry.dependencyCount)
    return program.dependencies[range].allSatisfy { (ends[Int($0)] ?? Int.max) <= cycle }
  }

  /// Whether other cores have handed over what an instruction needs.
  private func isAllowed(_ index: Int, in cycle: Int) -> Bool {
    guard let allowed = allowedFrom(index) else { return false }
    return allowed <= cycle
  }

  private func accepts(_ unit: Instruction.Kind, in cycle: Int) -> Bool {
    switch unit {
    case .load: loads.isFree
    case .store: stores.isFree
    case .array: array.accepts()
    case .vector: !vectorIsBusy && vectorFreeAt <= cycle
    }
  }

  private func startVector(_ instruction: Int, _ tile: VectorTile, in cycle: Int) {
    let interval = max(1, tile.classes.map { model.vector.cyclesPerStep[$0] ?? 1 }.reduce(0, +))
    let steps = max(1, (tile.elements + model.vector.lanes - 1) / model.vector.lanes)
    vectorIsBusy = true
    scratchpads.walkers[2] = SteppedWalker(
      lanes: [tile.firstOperand, tile.secondOperand, tile.result].map {
        SteppedWalker.Lane(pattern: $0, fold: 0)
      }, steps: steps, firstBid: cycle, nominalCycle: { $0 * interval }
    ) { [self] walker in
      vectorIsBusy = false
      vectorFreeAt = walker.servedAt + interval - 1
      complete(instruction, at: vectorFreeAt + model.vector.pipelineCycles)
    }
  }

  func complete(_ instruction: Int, at cycle: Int) {
    if cycle >= ends[last] ?? 0 { last = instruction }
    ends[instruction] = cycle
    completed += 1
  }

  func transfer(of instruction: Int) -> Transfer {
    program.transfers[Int(program.instructions[instruction].payload)]
  }

  func request(_ access: Int, for burst: SteppedTransfers.Burst, of engine: SteppedTransfers, in cycle: Int) {
    requests.append((burst, engine))
    memory.request(access, number: requests.count - 1, isWrite: engine.isStore, in: cycle)
  }
}
