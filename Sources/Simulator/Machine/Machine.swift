package import Hardware
import Measures

/// An NPU that runs programs: the cycle-level simulator.
///
/// The machine knows no neural network; a ten-instruction program is as good as a compiled one.
package struct Machine: Sendable {
  package let model: HardwareModel

  package init(_ model: HardwareModel) { self.model = model }

  /// Runs a program from reset to the completion of its last instruction.
  ///
  /// - Parameters:
  ///   - program: Instructions whose dependencies name earlier instructions.
  ///   - stepsEveryCycle: Visit every cycle instead of jumping from event to event; slow, with the same result.
  ///   - isWarm: Begin with caches and pages as an earlier run of the same program leaves them, instead of empty; a
  ///     cache that begins with lines of others has them again.
  /// - Throws: ``SimulationError`` for a program that the machine cannot execute.
  /// - Complexity: O(events), with an event for each DMA burst, fold, instruction and bank conflict.
  package func run(
    _ program: Program, stepsEveryCycle: Bool = false, isWarm: Bool = false
  ) throws(SimulationError) -> SimulationResult {
    try program.validate(for: model)
    guard model.cores == 1 else {
      guard !isWarm else {
        throw SimulationError(
          instruction: 0, found: "a warm start on \(model.cores) cores", expected: "one core")
      }
      return try run(CoreSchedule(programs: [program]), stepsEveryCycle: stepsEveryCycle).total
    }
    var state: MemoryState?
    if isWarm {
      var left = alone(program, stepsEveryCycle: stepsEveryCycle, memory: nil).state
      for (index, cache) in model.caches.enumerated() where cache.contents == .others {
        left.caches[index] = CacheLevel(cache)
      }
      state = left
    }
    return alone(program, stepsEveryCycle: stepsEveryCycle, memory: state).result
  }

  /// Runs a sound program on a machine of one core, and says what it leaves in the caches.
  private func alone(
    _ program: Program, stepsEveryCycle: Bool, memory state: MemoryState?
  ) -> (result: SimulationResult, state: MemoryState) {
    let memory = UnsafeMutablePointer<MemorySystem>.allocate(capacity: 1)
    memory.initialize(to: MemorySystem(model: model))
    defer {
      memory.pointee.deallocate()
      memory.deinitialize(count: 1)
      memory.deallocate()
    }
    var run = MachineRun(
      model: model, program: program, port: MemoryPort(memory, caches: state?.caches ?? model.newCaches),
      memory: state, stepsEveryCycle: stepsEveryCycle)
    defer { run.deallocate() }
    run.run()
    let cycles = run.issue.lastEnd
    run.closeBooks(cycles: cycles)
    run.port.advanceMemory(to: cycles)
    run.bookStanding(
      StandingCosts(memory.pointee, activates: run.energy.counts.dramActivates), cycles: cycles)
    return (run.result(cycles: cycles), run.memoryState)
  }

  /// Runs a program on each core, from reset to the completion of the last instruction of all.
  ///
  /// - Parameters:
  ///   - schedule: A program for each core, at most as many as there are cores.
  ///   - stepsEveryCycle: Visit every cycle instead of jumping from event to event; slow, with the same result.
  /// - Throws: ``SimulationError`` for programs that the machine cannot execute, or that wait for each other for ever.
  package func run(
    _ schedule: CoreSchedule, stepsEveryCycle: Bool = false
  ) throws(SimulationError) -> ScheduleResult {
    try schedule.validate(for: model)
    if model.cores == 1, schedule.handovers.isEmpty, let program = schedule.programs.first {
      let result = try run(program, stepsEveryCycle: stepsEveryCycle)
      return ScheduleResult(total: result, cores: [result])
    }
    var run = CoresRun(model: model, schedule: schedule, stepsEveryCycle: stepsEveryCycle)
    defer { run.deallocate() }
    try run.run()
    return run.result()
  }
}
