import Hardware
import Measures
import Simulator
import TestSupport
import Testing

@Suite("The machine does what its units do cycle by cycle")
struct SteppedMachineTests {
  static func outcome(_ result: SimulationResult) -> SteppedMachine.Outcome {
    var outcome = SteppedMachine.Outcome()
    outcome.starts = result.timeline.map(\.start)
    outcome.ends = result.timeline.map(\.end)
    outcome.causes = result.layers.map { $0.cyclesByCause.map(\.cycles) }
    outcome.reads = result.counts.scratchpadReads
    outcome.writes = result.counts.scratchpadWrites
    return outcome
  }

  /// A machine, now and then with a bus for results.
  static func machine(_ dice: inout Dice, usesPipe: Bool) -> HardwareModel {
    var model = RandomMachine.machine(&dice)
    if model.array.kind == .systolic, !model.array.overlapsFolds {
      model.array.drain = dice.pick([.shifted, .bus])
    }
    if usesPipe {
      model.memory = .pipe(
        MemoryPipe(bandwidth: BytesPerSecond(Double(dice.roll(1...20)) * 1e9), latency: Seconds(3e-8)))
    }
    return model
  }

  /// The program with tiles of the dataflow that a row-stationary array has.
  static func suited(_ program: Program, to model: HardwareModel) -> Program {
    var program = program
    guard model.array.kind == .rowStationary else { return program }
    for index in program.arrayTiles.indices { program.arrayTiles[index].dataflow = .rowStationary }
    return program
  }

  static func compare(_ seeds: ClosedRange<Int>, usesPipe: Bool) throws {
    for seed in seeds {
      var dice = Dice(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
      let model = machine(&dice, usesPipe: usesPipe)
      let program = suited(RandomMachine.program(&dice), to: model)
      let result = try Machine(model).run(program)
      let stepped = try #require(SteppedMachine(model, program).run(), "seed \(seed) never ends")
      try #require(
        outcome(result) == stepped, "seed \(seed): \(program.instructions.map(\.kind)) \(model.array)")
    }
  }

  @Test func `instructions start and end as stepped, and cycles have their causes, with a pipe`() throws {
    try Self.compare(1...2000, usesPipe: true)
  }

  @Test func `units that crowd into few banks are served in the same cycles`() throws {
    var refused = 0
    for seed in 1...1500 {
      var dice = Dice(state: UInt64(seed) &* 0xD1B5_4A32_D192_ED03)
      var model = Self.machine(&dice, usesPipe: true)
      model.memory = .pipe(
        MemoryPipe(bandwidth: BytesPerSecond(Double(dice.roll(16...64)) * 1e9), latency: Seconds(2e-9)))
      model.sequencer = Sequencer(issueCycles: 0, queueDepth: 8)
      for index in model.scratchpads.indices {
        model.scratchpads[index].banks = dice.roll(1...5)
        model.scratchpads[index].arbitration = dice.pick([.rotating, .fixed])
      }
      let program = Self.suited(RandomMachine.crowd(&dice), to: model)
      let result = try Machine(model).run(program)
      let stepped = try #require(SteppedMachine(model, program).run(), "seed \(seed) never ends")
      try #require(Self.outcome(result) == stepped, "seed \(seed)")
      refused += stepped.causes.reduce(0) { $0 + $1[CycleCause.allCases.firstIndex(of: .bankConflict) ?? 0] }
    }
    #expect(refused > 50_000)
  }

  @Test func `every instruction starts and ends as stepped, with DRAM`() throws {
    try Self.compare(10_001...11_000, usesPipe: false)
  }
}
