import Hardware
import Measures
import Simulator
import TestSupport
import Testing

@Suite("Cores that share main memory")
struct CoresTests {
  /// One byte a nanosecond and core cycle for each GB/s; the DMA never runs out of bursts under way.
  static func pipe(_ gigabytes: Double, cores: Int, _ interconnect: Interconnect = Interconnect())
    -> HardwareModel
  {
    var model = Fixture.machine(
      memory: .pipe(MemoryPipe(bandwidth: BytesPerSecond(gigabytes * 1e9), latency: Seconds(20e-9))),
      dma: DMAEngine(
        clock: Hertz(1e9), busBytes: 64, burstBytes: 64, outstanding: 64, setupCycles: 3, latencyCycles: 5))
    model.cores = cores
    model.interconnect = interconnect
    return model
  }

  static func load(_ bytes: Int, at address: Int = 0, stride: Int? = nil) -> Program {
    Fixture.program {
      $0.transfer(
        .load,
        Transfer(
          address: address, runBytes: stride == nil ? bytes : 64, innerCount: stride == nil ? 1 : bytes / 64,
          innerStride: stride ?? 0, memory: 0, scratchpadAddress: 0))
    }
  }

  static func cycles(_ cause: CycleCause, _ result: SimulationResult) -> Int {
    result.arrayCyclesByCause.first { $0.cause == cause }?.cycles ?? 0
  }

  @Test func `one core with a schedule is one core with a program`() throws {
    var dice = Dice(state: 7)
    let model = RandomMachine.machine(&dice)
    let program = RandomMachine.program(&dice)
    let alone = try Machine(model).run(program)
    let scheduled = try Machine(model).run(CoreSchedule(programs: [program]))
    #expect(scheduled == ScheduleResult(total: alone, cores: [alone]))
  }

  @Test func `two streams share a pipe evenly, and each knows why it waits`() throws {
    let bytes = 2048
    let model = Self.pipe(4, cores: 2)
    let program = Self.load(bytes)
    let alone = try Machine(model).run(program)
    let both = try Machine(model).run(CoreSchedule(programs: [program, Self.load(bytes, at: 1 << 20)]))
    // The second stream's bytes take the pipe's time once more; the last access of the other core comes one earlier.
    #expect(both.cores[1].timeline[0].end == alone.cycles + bytes / 4)
    #expect(both.cores[0].timeline[0].end == alone.cycles + bytes / 4 - 64 / 4)
    #expect(Self.cycles(.contention, alone) == 0)
    for core in both.cores {
      #expect(Self.cycles(.contention, core) >= bytes / 4 - 2 * 64 / 4)
      // The other's bytes cross the pipe, and before that, each access its port for a cycle.
      #expect(Self.cycles(.contention, core) <= bytes / 4 + bytes / 64)
    }
  }

  @Test func `two streams of DRAM each get half of its bandwidth`() throws {
    var model = Self.pipe(1, cores: 2)
    model.memory = .dram(
      DRAMSystem(standard: DRAMStandard.all[0], channels: 1, addressMap: .rowColumnBankChannel))
    let alone = try Machine(model).run(Self.load(4096))
    let both = try Machine(model).run(
      CoreSchedule(programs: [Self.load(4096), Self.load(4096, at: 1 << 13)]))
    let ends = both.cores.map { Double($0.timeline[0].end) }
    #expect(abs(ends[0] - ends[1]) < 0.1 * ends[0])
    #expect(ends[1] > 1.5 * Double(alone.cycles) && ends[1] < 2.1 * Double(alone.cycles))
  }

  @Test func `streams in channels of their own do not meet`() throws {
    var model = Self.pipe(1, cores: 2)
    model.memory = .dram(
      DRAMSystem(standard: DRAMStandard.all[0], channels: 2, addressMap: .rowColumnBankChannel))
    let first = Self.load(2048, stride: 128)
    let second = Self.load(2048, at: 64, stride: 128)
    let both = try Machine(model).run(CoreSchedule(programs: [first, second]))
    #expect(both.cores[0].timeline == (try Machine(model).run(first)).timeline)
    #expect(both.cores[1].timeline == (try Machine(model).run(second)).timeline)
    #expect(both.total.contendedCycles == 0)
  }

  @Test func `turns follow the weights, and nobody starves but under priority`() throws {
    func ends(_ arbitration: Interconnect.Arbitration, _ weights: [Int]) throws -> [Int] {
      let model = Self.pipe(
        4, cores: 3, Interconnect(queueDepth: 64, arbitration: arbitration, weights: weights))
      let programs = (0..<3).map { Self.load(2048, at: $0 << 20) }
      return try Machine(model).run(CoreSchedule(programs: programs)).cores.map { $0.timeline[0].end }
    }
    let fair = try ends(.roundRobin, [])
    #expect((fair.max() ?? 0) - (fair.min() ?? 0) <= 2 * 64 / 4)
    let weighted = try ends(.roundRobin, [1, 2, 1])
    // Core 1 has half of the pipe until it is done: twice its time alone, where the others get a quarter each.
    #expect(weighted[1] < weighted[0] - 400 && weighted[1] < weighted[2] - 400)
    #expect(abs(weighted[1] - (2 * 2048 / 4 + 40)) < 60)
    let ranked = try ends(.priority, [])
    #expect(ranked[0] + 400 < ranked[1] && ranked[1] + 400 < ranked[2])
    #expect((fair.max() ?? 0) == (ranked.max() ?? 0))
  }

  @Test func `a fixed share takes as long whatever the others do`() throws {
    // The pipe is faster than the ports, so only the slots count.
    let model = Self.pipe(200, cores: 2, Interconnect(portBytes: 16, arbitration: .fixedShare))
    let alone = try Machine(model).run(CoreSchedule(programs: [Self.load(2048)]))
    let both = try Machine(model).run(
      CoreSchedule(programs: [Self.load(2048), Self.load(2048, at: 1 << 20)]))
    #expect(both.cores[0].timeline == alone.cores[0].timeline)
    #expect(Self.cycles(.contention, alone.cores[0]) > 100)
  }

  @Test func `what another core has to hand over is waited for, and booked so`() throws {
    var model = Self.pipe(4, cores: 2)
    model.interconnect.latencyCycles = 6
    let giver = Fixture.program { $0.array(Fixture.tile(m: 200, k: 4, n: 4)) }
    let taker = Fixture.program { $0.array(Fixture.tile(m: 10, k: 4, n: 4)) }
    let schedule = CoreSchedule(
      programs: [giver, taker],
      handovers: [.init(from: .init(core: 0, instruction: 0), to: .init(core: 1, instruction: 0))])
    let result = try Machine(model).run(schedule)
    #expect(result.cores[1].timeline[0].start == result.cores[0].timeline[0].end + 6)
    // The taker is ready once issued, in cycle 1; the giver is done when the taker works.
    #expect(Self.cycles(.otherCores, result.cores[1]) == result.cores[1].timeline[0].start - 1)
    #expect(
      Self.cycles(.otherCores, result.cores[0])
        == result.total.cycles - result.cores[0].timeline[0].end)
  }

  @Test func `handovers that go round in a circle are refused`() throws {
    let model = Self.pipe(4, cores: 2)
    let program = Self.load(64)
    let there = CoreSchedule.Handover(
      from: .init(core: 0, instruction: 0), to: .init(core: 1, instruction: 0))
    let back = CoreSchedule.Handover(from: there.taker, to: there.giver)
    let error = #expect(throws: SimulationError.self) {
      try Machine(model).run(CoreSchedule(programs: [program, program], handovers: [there, back]))
    }
    #expect(
      error?.description
        == "core 0, instruction 0: found a wait for another core that never ends, expected handovers that do not go "
        + "round in a circle; the program does not fit the machine it runs on")
  }

  @Test func `schedules that do not fit the machine are refused`() throws {
    let model = Self.pipe(4, cores: 2)
    let program = Self.load(64)
    let many = #expect(throws: SimulationError.self) {
      try Machine(model).run(CoreSchedule(programs: [program, program, program]))
    }
    #expect(many?.found == "3 programs" && many?.expected == "at most one for each of 2 cores")
    let nowhere = #expect(throws: SimulationError.self) {
      try Machine(model).run(
        CoreSchedule(
          programs: [program, program],
          handovers: [.init(from: .init(core: 0, instruction: 0), to: .init(core: 1, instruction: 5))]))
    }
    #expect(nowhere?.core == 1 && nowhere?.instruction == 5)
    #expect(nowhere?.expected == "two instructions of different cores")
  }

  @Test func `stepping every cycle changes nothing, causes and energies included`() throws {
    for seed in 1...300 {
      var dice = Dice(state: UInt64(seed) &* 0xA076_1D64_78BD_642F)
      let model = SteppedCoresTests.machine(&dice, usesPipe: dice.pick([true, false]))
      let schedule = SteppedCoresTests.schedule(&dice, for: model, handovers: dice.pick([0, 2]))
      guard let fast = try? Machine(model).run(schedule) else { continue }
      let slow = try Machine(model).run(schedule, stepsEveryCycle: true)
      try #require(fast == slow, "seed \(seed)")
    }
  }

  @Test func `causes and energies add up over the cores`() throws {
    for seed in 1...200 {
      var dice = Dice(state: UInt64(seed) &* 0xD1B5_4A32_D192_ED03)
      let model = SteppedCoresTests.machine(&dice, usesPipe: dice.pick([true, false]))
      let schedule = SteppedCoresTests.schedule(&dice, for: model, handovers: 0)
      let result = try Machine(model).run(schedule)
      let total = result.total
      for core in result.cores {
        #expect(core.arrayCyclesByCause.reduce(0) { $0 + $1.cycles } == total.cycles, "seed \(seed)")
      }
      #expect(total.arrayCyclesByCause.reduce(0) { $0 + $1.cycles } == total.arrayCycles, "seed \(seed)")
      let layers = total.layers.reduce(0.0) { $0 + $1.energy.value }
      let components = total.energyByComponent.reduce(0.0) { $0 + $1.energy.value }
      let cores = result.cores.reduce(0.0) { $0 + $1.energy.value }
      let window = Double(total.power.windowCycles) / total.clock.value
      var integral = 0.0
      for (index, watts) in total.power.watts.enumerated() {
        integral += watts.value * min(window, total.latency.value - Double(index) * window)
      }
      let energy = total.energy.value
      for sum in [layers, components, cores, integral] {
        #expect(abs(sum - energy) <= 1e-9 * energy, "seed \(seed)")
      }
    }
  }
}
