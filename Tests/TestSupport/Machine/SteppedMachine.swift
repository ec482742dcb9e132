package import Hardware
import Measures

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

  package init(_ model: HardwareModel, _ program: Program) {
    self.model = model
    self.program = program
    scratchpads = SteppedScratchpads(model.scratchpads)
    memory =
      switch model.memory {
      case .pipe(let pipe): SteppedPipe(pipe, burstBytes: model.dma.burstBytes, clock: model.clock)
      case .dram(let system): SteppedDRAM(system, clock: model.clock)
      }
    causes = SteppedCauses(program)
    starts = program.instructions.map { _ in nil }
    ends = starts
  }

  /// Steps until every instruction has completed; nil when that takes more than `limit` cycles.
  package func run(limit: Int = 200_000) -> Outcome? {
    let array = SteppedArray(machine: self, model: model, format: program.format)
    let loads = SteppedTransfers(isStore: false, machine: self, model: model)
    let stores = SteppedTransfers(isStore: true, machine: self, model: model)
    let trip = roundedUp(
      2 * model.dma.latencyCycles, Int(model.clock.value), Int(model.dma.clock.value))
    var next = 0
    var sequencerBusy = model.sequencer.networkCycles + decodeCycles(0)
    var isBlocked = false
    var cycle = 0
    var ended: [SteppedWalker] = []
    while completed < program.instructions.count {
      guard cycle < limit else { return nil }
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
      }
      array.step(cycle)
      loads.step(cycle)
      stores.step(cycle)
      ended = scratchpads.serve(cycle)
      cycle += 1
    }
    var outcome = Outcome()
    outcome.starts = starts.map { $0 ?? -1 }
    outcome.ends = ends.map { $0 ?? -1 }
    causes.end(at: outcome.ends.max() ?? 0, with: last)
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
    return model.sequencer.issueCycles + (isFirstOfLayer ? model.sequencer.layerCycles : 0)
  }

  private func isReady(_ index: Int, _ cycle: Int) -> Bool {
    let entry = program.instructions[index]
    let range = Int(entry.firstDependency)..<Int(entry.firstDependency + entry.dependencyCount)
    return program.dependencies[range].allSatisfy { (ends[Int($0)] ?? Int.max) <= cycle }
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
