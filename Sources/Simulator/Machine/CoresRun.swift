import Hardware
import Measures

/// The state of a machine of several cores while each runs its program.
///
/// Cores meet in main memory and in what they hand over, both through the interconnect; everything else is their own.
/// Time jumps to the next cycle in which any core or the crossbar acts. In a cycle main memory comes first, then every
/// core that is due, then the crossbar. A core may be ahead with its scratchpads, whose bids nobody else can change; it
/// acts again when that stretch is over.
struct CoresRun {
  private let model: HardwareModel
  private let programs: [Program]
  private let memory: UnsafeMutablePointer<MemorySystem>
  private let crossbar: UnsafeMutablePointer<Crossbar>
  private var cores: [MachineRun]
  /// By giver's core and instruction, who waits for it.
  private let takers: [[Int: [CoreSchedule.Place]]]
  private let stepsEveryCycle: Bool

  init(model: HardwareModel, schedule: CoreSchedule, stepsEveryCycle: Bool) {
    self.model = model
    self.stepsEveryCycle = stepsEveryCycle
    let format = schedule.programs.first?.format ?? .int8
    let idle = Array(repeating: Program.idle(format: format), count: model.cores - schedule.programs.count)
    let programs = schedule.programs + idle
    self.programs = programs
    let memory = UnsafeMutablePointer<MemorySystem>.allocate(capacity: 1)
    memory.initialize(to: MemorySystem(model: model))
    let crossbar = UnsafeMutablePointer<Crossbar>.allocate(capacity: 1)
    crossbar.initialize(to: Crossbar(model: model, memory: memory.pointee))
    self.memory = memory
    self.crossbar = crossbar
    cores = programs.enumerated().map { index, program in
      MachineRun(
        model: model, program: program, port: MemoryPort(memory, crossbar: crossbar, core: index),
        exchange: Exchange(
          core: index, instructions: program.instructions.count, handovers: schedule.handovers),
        stepsEveryCycle: stepsEveryCycle)
    }
    var takers: [[Int: [CoreSchedule.Place]]] = programs.map { _ in [:] }
    for handover in schedule.handovers {
      takers[handover.giver.core][handover.giver.instruction, default: []].append(handover.taker)
    }
    self.takers = takers
  }

  func deallocate() {
    for core in cores { core.deallocate() }
    memory.pointee.deallocate()
    memory.deinitialize(count: 1)
    memory.deallocate()
    crossbar.deinitialize(count: 1)
    crossbar.deallocate()
  }

  /// Runs all programs to their ends.
  ///
  /// - Throws: ``SimulationError`` where cores wait for each other for ever.
  mutating func run() throws(SimulationError) {
    var now = 0
    var due: [Int] = []
    for core in cores.indices where cores[core].isDone { cores[core].next = Int.max }
    while cores.contains(where: { !$0.isDone }) {
      crossbar.pointee.advance(to: now, memory: &memory.pointee)
      due.removeAll(keepingCapacity: true)
      for core in cores.indices where cores[core].next <= now && !cores[core].isDone {
        due.append(core)
        cores[core].now = now
        cores[core].act()
      }
      for core in due { deliverNews(of: core) }
      crossbar.pointee.grant(memory: &memory.pointee)
      proceed(due, now: now)
      let next = cores.reduce(crossbar.pointee.nextGrant) { min($0, $1.next) }
      if next == Int.max, cores.contains(where: { !$0.isDone }) { throw stuck() }
      now = stepsEveryCycle ? now + 1 : next
    }
  }

  /// Works out when each core that has acted is due again: those that wait for nobody first.
  private mutating func proceed(_ due: [Int], now: Int) {
    var waiting: [Int] = []
    for core in due {
      cores[core].lookAtHeads()
      if cores[core].waitsForOthers {
        waiting.append(core)
        // Until it proceeds itself: it may act in the next cycle, for all that is known.
        cores[core].next = now + 1
      } else {
        cores[core].proceed(until: Int.max)
        deliverNews(of: core)
      }
    }
    for core in waiting {
      // Whatever comes begins with another core that acts, and crosses after that.
      let first = cores.indices.reduce(Int.max) { $1 == core ? $0 : min($0, cores[$1].next) }
      cores[core].proceed(until: first == Int.max ? first : first + 1)
      deliverNews(of: core)
    }
  }

  /// Tells the takers of what a core has completed; some of it comes to its end while the scratchpads are served.
  private mutating func deliverNews(of core: Int) {
    for (instruction, end) in cores[core].exchange.takeNews() {
      for taker in takers[core][instruction] ?? [] {
        cores[taker.core].receive(
          for: taker.instruction, at: end + max(1, model.interconnect.latencyCycles))
      }
    }
  }

  private func stuck() -> SimulationError {
    let core = cores.firstIndex { !$0.isDone } ?? 0
    return SimulationError(
      instruction: cores[core].issue.heads.first ?? 0, core: core,
      found: "a wait for another core that never ends",
      expected: "handovers that do not go round in a circle")
  }
}

extension CoresRun {
  /// Closes the books of all cores at the end of the run.
  mutating func result() -> ScheduleResult {
    let cycles = cores.reduce(0) { max($0, $1.issue.lastEnd) }
    crossbar.pointee.advance(to: cycles, memory: &memory.pointee)
    for core in cores.indices { cores[core].closeBooks(cycles: cycles) }
    let activates = cores.reduce(0) { $0 + $1.energy.counts.dramActivates }
    var costs = StandingCosts(memory.pointee, activates: activates)
    costs.share = 1 / Double(cores.count)
    for core in cores.indices {
      costs.isCounted = core == 0
      cores[core].bookStanding(costs, cycles: cycles)
      cores[core].energy.coverRun(of: cycles)
    }
    let results = cores.indices.map { core in
      var result = cores[core].result(cycles: cycles)
      result.contendedCycles = crossbar.pointee.logs[core].total
      return result
    }
    let rate = model.array.formats.first { $0.name == programs[0].format }?.rate ?? 1
    let total = SimulationResult(
      merging: results, macsPerCycle: Double(model.array.macsPerCycle) * rate)
    return ScheduleResult(total: total, cores: results)
  }
}
