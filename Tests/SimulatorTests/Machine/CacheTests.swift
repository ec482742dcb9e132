import Hardware
import Measures
import Simulator
import TestSupport
import Testing

@Suite("Caches between the DMA and main memory")
struct CacheTests {
  private static let energy = EnergyTable.Sourced(Joules(2e-12), source: "test")

  private static func cache(
    lines: Int = 16, ways: Int = 4, latency: Int = 5, wayBelow: Int = 0, misses: Int = 2,
    banks: Int = 1, turn: Int = 0, writeBack: Int = 0, contents: Cache.Contents = .nothing,
    replacement: Cache.Replacement = .leastRecent, name: String = "l2"
  ) -> Cache {
    Cache(
      name: name, capacity: Bytes(lines * 64), ways: ways, lineBytes: 64, latencyCycles: latency,
      wayBelowCycles: wayBelow, misses: misses, banks: banks,
      turnCycles: turn, writeBackCycles: writeBack, contents: contents, replacement: replacement,
      accessEnergy: energy,
      lineEnergy: energy)
  }

  private static func machine(_ caches: [Cache]) -> HardwareModel {
    var model = Fixture.machine()
    model.caches = caches
    return model
  }

  /// Loads (or stores) of 64 bytes each, one after the other.
  private static func transfers(_ kinds: [(Instruction.Kind, address: Int)]) -> Program {
    var program = Program(name: "transfers", format: .int8)
    program.layers = [Program.Layer(name: "only", operatorName: "test", macs: 0, mapping: "")]
    for (index, (kind, address)) in kinds.enumerated() {
      program.transfer(
        kind, Transfer(address: address, runBytes: 64, memory: 0, scratchpadAddress: 0), layer: 0,
        after: index > 0 ? [Int32(index - 1)] : [])
    }
    return program
  }

  private static func durations(_ result: SimulationResult) -> [Int] {
    result.timeline.map { $0.end - $0.start }
  }

  private static func compare(_ seeds: ClosedRange<Int>, usesPipe: Bool) throws {
    for seed in seeds {
      var dice = Dice(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
      var model = SteppedMachineTests.machine(&dice, usesPipe: usesPipe)
      model.caches = RandomMachine.caches(&dice, for: model)
      let program = SteppedMachineTests.suited(
        dice.roll(0...2) == 0 ? RandomMachine.crowd(&dice) : RandomMachine.program(&dice), to: model)
      let result = try Machine(model).run(program)
      let stepped = try #require(SteppedMachine(model, program).run(), "seed \(seed) never ends")
      try #require(SteppedMachineTests.outcome(result) == stepped, "seed \(seed): \(model.caches)")
    }
  }

  @Test func `every instruction starts and ends as stepped, with caches before a pipe`() throws {
    try Self.compare(1...1500, usesPipe: true)
  }

  @Test func `every instruction starts and ends as stepped, with caches before DRAM`() throws {
    try Self.compare(20_001...20_800, usesPipe: false)
  }

  @Test func `jumping between events changes nothing with caches, and the three sums of energy agree`() throws
  {
    for seed in 0..<600 {
      var dice = Dice(state: UInt64(seed) &* 0xD1B5_4A32_D192_ED03)
      var model = RandomMachine.machine(&dice)
      model.caches = RandomMachine.caches(&dice, for: model)
      let program = RandomMachine.program(&dice)
      let isWarm = dice.pick([true, false])
      let fast = try Machine(model).run(program, isWarm: isWarm)
      let slow = try Machine(model).run(program, stepsEveryCycle: true, isWarm: isWarm)
      try #require(fast == slow, "seed \(seed)")
      #expect(fast.arrayCyclesByCause.reduce(0) { $0 + $1.cycles } == fast.cycles, "seed \(seed)")
      let byLayer = fast.layers.reduce(0.0) { $0 + $1.energy.value }
      let window = Double(fast.power.windowCycles) / fast.clock.value
      let integral = fast.power.watts.enumerated().reduce(0.0) { sum, entry in
        sum + entry.element.value * min(window, fast.latency.value - Double(entry.offset) * window)
      }
      #expect(abs(byLayer - fast.energy.value) <= 1e-9 * fast.energy.value, "seed \(seed)")
      #expect(abs(integral - fast.energy.value) <= 1e-9 * fast.energy.value, "seed \(seed)")
    }
  }

  @Test func `a line that is there costs its latency, and one that is not the memory's time and the way too`()
    throws
  {
    let program = Self.transfers([(.load, 0), (.load, 0), (.load, 4096)])
    let none = Self.durations(try Machine(Self.machine([])).run(program))
    let cached = Self.durations(try Machine(Self.machine([Self.cache(wayBelow: 7)])).run(program))
    #expect(none[0] == none[1])
    #expect(cached[0] == none[0] + 5 + 7)
    #expect(cached[2] == cached[0])
    // A pipe of 4 GB/s takes 16 cycles for 64 bytes, and 20 on the way.
    #expect(cached[1] == none[1] - 16 - 20 + 5)
  }

  @Test func `lines under way are limited, and a second miss waits for a place`() throws {
    var model = Self.machine([Self.cache(misses: 1)])
    model.dma.outstanding = 4
    var program = Self.transfers([])
    program.transfer(
      .load, Transfer(address: 0, runBytes: 256, memory: 0, scratchpadAddress: 0), layer: 0, after: [])
    let one = try Machine(model).run(program).cycles
    model.caches[0].misses = 4
    let four = try Machine(model).run(program).cycles
    // Four lines one after the other: three latencies of the pipe more, less what the next request takes.
    #expect(one > four + 3 * 15)
  }

  @Test func `each bank has its own places for misses`() throws {
    /// Four lines, `stride` bytes apart.
    func cycles(_ cache: Cache, stride: Int) throws -> Int {
      var model = Self.machine([cache])
      model.dma.outstanding = 4
      var program = Self.transfers([])
      program.transfer(
        .load,
        Transfer(
          address: 0, runBytes: 64, innerCount: 4, innerStride: stride, memory: 0, scratchpadAddress: 0),
        layer: 0, after: [])
      return try Machine(model).run(program).cycles
    }
    let banked = Self.cache(misses: 1, banks: 4)
    #expect(try cycles(banked, stride: 64) == cycles(Self.cache(misses: 4), stride: 64))
    #expect(try cycles(banked, stride: 256) == cycles(Self.cache(misses: 1), stride: 256))
    #expect(try cycles(banked, stride: 256) > cycles(banked, stride: 64))
  }

  @Test func `a level takes up lines one by one, read or written`() throws {
    func cycles(_ kinds: [(Instruction.Kind, address: Int)], _ caches: [Cache], runBytes: Int) throws -> Int {
      var model = Self.machine(caches)
      model.dma.outstanding = 8
      var program = Self.transfers([])
      for (kind, address) in kinds {
        program.transfer(
          kind, Transfer(address: address, runBytes: runBytes, memory: 0, scratchpadAddress: 0), layer: 0,
          after: program.instructions.isEmpty ? [] : [Int32(program.instructions.count - 1)])
      }
      return try Machine(model).run(program).cycles
    }
    // Eight lines that are there: the eighth is taken up seven turns after the first.
    let twice: [(Instruction.Kind, address: Int)] = [(.load, 0), (.load, 0)]
    let slow = Self.cache(lines: 64, misses: 8, turn: 500)
    let once = try cycles([twice[0]], [slow], runBytes: 512)
    #expect(try cycles(twice, [slow], runBytes: 512) >= once + 7 * 500)
    let quick = Self.cache(lines: 64, misses: 8)
    #expect(try cycles(twice, [quick], runBytes: 512) < cycles([twice[0]], [quick], runBytes: 512) + 500)
    // A near level of one line: each line that comes drives out a written one, which takes a turn of the far level too.
    let near = Self.cache(lines: 1, ways: 1)
    let far = Self.cache(lines: 64, turn: 500, name: "llc")
    let loads = try cycles([(.load, 0), (.load, 0)], [near, far], runBytes: 512)
    let stores = try cycles([(.store, 0), (.load, 0)], [near, far], runBytes: 512)
    #expect(loads > 15 * 500 && loads < 17 * 500)
    #expect(stores > 23 * 500 && stores < 25 * 500)
  }

  @Test func `a miss that drives out a written line takes longer`() throws {
    // One set of one way: a load, a store and a load, each of another line.
    let program = Self.transfers([(.load, 0), (.load, 64), (.store, 128), (.load, 192)])
    let plain = Self.durations(try Machine(Self.machine([Self.cache(lines: 1, ways: 1)])).run(program))
    let slow = Self.durations(
      try Machine(Self.machine([Self.cache(lines: 1, ways: 1, writeBack: 30)])).run(program))
    #expect(zip(slow, plain).map { $0 - $1 } == [0, 0, 0, 30])
  }

  @Test func `written lines go one after the other`() throws {
    var model = Self.machine([
      Self.cache(lines: 4, ways: 1, misses: 4, writeBack: 500, contents: .others)
    ])
    model.dma.outstanding = 4
    var program = Self.transfers([])
    program.transfer(
      .load, Transfer(address: 0, runBytes: 256, memory: 0, scratchpadAddress: 0), layer: 0, after: [])
    let cycles = try Machine(model).run(program).cycles
    #expect(cycles > 4 * 500 && cycles < 5 * 500)
  }

  @Test func `a cache full of others' lines writes them back`() throws {
    let cache = Self.cache(lines: 4, ways: 2, writeBack: 30, contents: .others)
    let program = Self.transfers([(.load, 0), (.load, 64), (.load, 128), (.load, 192), (.load, 256)])
    let result = try Machine(Self.machine([cache])).run(program)
    #expect(result.counts.caches.map(\.misses) == [5])
    #expect(result.counts.caches.map(\.writeBacks) == [4])
    #expect(result.counts.memoryWriteBytes == 4 * 64)
    let times = Self.durations(result)
    #expect(times[0] >= times[4] + 30)
  }

  @Test func `stores mark their lines, and marked lines go to main memory when they leave`() throws {
    // One set of one way: each store drives out the line before it.
    let program = Self.transfers([(.store, 0), (.store, 64), (.load, 128), (.load, 192)])
    let result = try Machine(Self.machine([Self.cache(lines: 1, ways: 1)])).run(program)
    #expect(result.counts.caches.map(\.misses) == [4])
    #expect(result.counts.caches.map(\.writeBacks) == [2])
    #expect(result.counts.memoryReadBytes == 256)
    #expect(result.counts.memoryWriteBytes == 128)
    #expect(result.counts.dmaBytes == 256)
  }

  @Test func `the line used longest ago goes, or any with a shift register`() throws {
    let program = Self.transfers([(.load, 0), (.load, 64), (.load, 0), (.load, 128), (.load, 0), (.load, 64)])
    let result = try Machine(Self.machine([Self.cache(lines: 2, ways: 2)])).run(program)
    #expect(result.counts.caches[0].hits == 2)
    #expect(result.counts.caches[0].misses == 4)
  }

  @Test func `a level below answers what the level above has lost`() throws {
    let small = Self.cache(lines: 1, ways: 1, latency: 3)
    let large = Self.cache(lines: 64, ways: 4, latency: 9, name: "llc")
    let result = try Machine(Self.machine([small, large])).run(
      Self.transfers([(.load, 0), (.load, 64), (.load, 0)]))
    #expect(result.counts.caches.map(\.hits) == [0, 1])
    #expect(result.counts.memoryReadBytes == 128)
    let times = Self.durations(result)
    #expect(times[2] == times[0] - 16 - 20)
  }

  @Test func `several cores have no caches and start cold`() throws {
    var model = Self.machine([Self.cache()])
    model.cores = 2
    let program = Self.transfers([(.load, 0)])
    let cached = #expect(throws: SimulationError.self) { try Machine(model).run(program) }
    #expect(
      cached?.description
        == "instruction 0: found caches before a memory that 2 cores share, expected one core, or no caches; the program "
        + "does not fit the machine it runs on")
    model.caches = []
    let warm = #expect(throws: SimulationError.self) { try Machine(model).run(program, isWarm: true) }
    #expect(warm?.found == "a warm start on 2 cores" && warm?.expected == "one core")
  }

  @Test func `a warm run finds what an earlier one left`() throws {
    let program = Self.transfers([(.load, 0), (.load, 64), (.load, 128)])
    let machine = Machine(Self.machine([Self.cache()]))
    #expect(try machine.run(program).counts.caches[0].misses == 3)
    let warm = try machine.run(program, isWarm: true)
    #expect(warm.counts.caches[0].misses == 0)
    #expect(warm.counts.memoryReadBytes == 0)
    // A near cache that others have used since finds its lines in the far one.
    let levels = [Self.cache(contents: .others), Self.cache(name: "llc")]
    let after = try Machine(Self.machine(levels)).run(program, isWarm: true)
    #expect(after.counts.caches.map(\.misses) == [3, 0])
    let without = Machine(Self.machine([]))
    #expect(try without.run(program, isWarm: true) == without.run(program))
  }
}
