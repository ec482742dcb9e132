import Hardware
import Measures
import Simulator
import TestSupport
import Testing

@Suite("Cores that share main memory do what they do cycle by cycle")
struct SteppedCoresTests {
  /// A machine of several cores with an interconnect by dice.
  static func machine(_ dice: inout Dice, usesPipe: Bool) -> HardwareModel {
    var model = SteppedMachineTests.machine(&dice, usesPipe: usesPipe)
    model.cores = dice.roll(2...4)
    model.interconnect = Interconnect(
      portBytes: dice.pick([8, 16, 64, 128]), latencyCycles: dice.pick([0, 0, 1, 5]),
      queueDepth: dice.roll(1...4), arbitration: dice.pick(Interconnect.Arbitration.allCases),
      weights: dice.pick([[], (0..<model.cores).map { _ in dice.roll(1...3) }]))
    return model
  }

  /// A program for each core, or for some of them, with handovers from earlier to later instructions.
  static func schedule(_ dice: inout Dice, for model: HardwareModel, handovers: Int) -> CoreSchedule {
    let programs = (0..<dice.roll(1...model.cores)).map { _ in
      SteppedMachineTests.suited(
        dice.roll(0...2) == 0 ? RandomMachine.crowd(&dice) : RandomMachine.program(&dice), to: model)
    }
    var schedule = CoreSchedule(programs: programs)
    guard programs.count > 1 else { return schedule }
    for _ in 0..<handovers {
      let giver = dice.roll(0...programs.count - 1)
      let taker = (giver + dice.roll(1...programs.count - 1)) % programs.count
      let place = CoreSchedule.Place(
        core: giver, instruction: dice.roll(0...programs[giver].instructions.count - 1))
      let target = CoreSchedule.Place(
        core: taker, instruction: dice.roll(0...programs[taker].instructions.count - 1))
      // By rank in program order, so that no wait goes round in a circle.
      let rank = (Double(place.instruction) + 1) / Double(programs[giver].instructions.count)
      let later = Double(target.instruction) / Double(programs[taker].instructions.count)
      if rank <= later { schedule.handovers.append(.init(from: place, to: target)) }
    }
    return schedule
  }

  static func outcomes(_ result: ScheduleResult, programs: Int) -> [SteppedMachine.Outcome] {
    result.cores.prefix(programs).map { core in
      var outcome = SteppedMachineTests.outcome(core)
      outcome.contended = core.contendedCycles
      return outcome
    }
  }

  static func compare(_ seeds: ClosedRange<Int>, usesPipe: Bool) throws {
    var contended = 0
    for seed in seeds {
      var dice = Dice(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
      let model = machine(&dice, usesPipe: usesPipe)
      let schedule = schedule(&dice, for: model, handovers: dice.pick([0, 0, 1, 4]))
      let result: ScheduleResult
      do {
        result = try Machine(model).run(schedule)
      } catch {
        // Queues that are too short for what goes to and fro can wait for each other for ever.
        #expect(SteppedCores(model, schedule).run(limit: 5000) == nil, "seed \(seed)")
        continue
      }
      let stepped = try #require(SteppedCores(model, schedule).run(), "seed \(seed) never ends")
      try #require(
        outcomes(result, programs: schedule.programs.count) == stepped,
        "seed \(seed): \(model.cores) cores, \(model.interconnect)")
      contended += result.total.contendedCycles
    }
    #expect(contended > 10_000)
  }

  @Test func `every instruction starts and ends as stepped, with a pipe for memory`() throws {
    try Self.compare(1...700, usesPipe: true)
  }

  @Test func `every instruction starts and ends as stepped, with DRAM`() throws {
    try Self.compare(20_001...20_300, usesPipe: false)
  }
}
