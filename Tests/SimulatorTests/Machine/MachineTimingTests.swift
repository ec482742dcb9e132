import Hardware
import Measures
import Simulator
import TestSupport
import Testing

@Suite("The machine's timing")
struct MachineTimingTests {
  @Test func `one fold takes issue, preload, stream and skew`() throws {
    let program = Fixture.program { $0.array(Fixture.tile(m: 10, k: 4, n: 4)) }
    let result = try Machine(Fixture.machine()).run(program)
    // 1 issue + 4 preload + 10 stream + (4 + 4 - 2) skew
    #expect(result.cycles == 1 + 4 + 10 + 6)
    #expect(result.arrayCyclesByCause.first { $0.cause == .compute }?.cycles == 10)
    #expect(result.arrayCyclesByCause.first { $0.cause == .preload }?.cycles == 4)
    #expect(result.arrayCyclesByCause.first { $0.cause == .fillDrain }?.cycles == 6)
    #expect(result.arrayCyclesByCause.first { $0.cause == .issue }?.cycles == 1)
  }

  @Test(arguments: [(8, 8), (4, 16), (16, 4), (32, 32)], [(40, 70, 33), (1, 1, 1), (100, 9, 64)])
  func `folds that do not overlap cost what SCALE-Sim charges`(
    size: (rows: Int, columns: Int), shape: (m: Int, k: Int, n: Int)
  ) throws {
    // Samajdar et al.: weight-stationary folds cost T + 2R + C - 2 cycles each.
    let wide = [
      Scratchpad(
        name: "all", roles: [.activations, .weights], capacity: Bytes(1 << 20), banks: 64, wordBytes: 64,
        ports: .readWrite),
      Scratchpad(
        name: "accumulators", roles: [.accumulators], capacity: Bytes(1 << 20), banks: 2, wordBytes: 64,
        ports: .readWrite),
    ]
    let machine = Fixture.machine(
      rows: size.rows, columns: size.columns, overlapsPreload: false, overlapsFolds: false,
      scratchpads: wide, sequencer: Sequencer(issueCycles: 0, queueDepth: 4))
    let program = Fixture.program { $0.array(Fixture.tile(m: shape.m, k: shape.k, n: shape.n)) }
    let folds =
      ((shape.k + size.rows - 1) / size.rows) * ((shape.n + size.columns - 1) / size.columns)
    let result = try Machine(machine).run(program)
    #expect(result.cycles == folds * (shape.m + 2 * size.rows + size.columns - 2))
    func cycles(_ cause: CycleCause) -> Int {
      result.arrayCyclesByCause.first { $0.cause == cause }?.cycles ?? 0
    }
    #expect(cycles(.compute) == folds * shape.m)
    #expect(cycles(.preload) == folds * size.rows)
    #expect(cycles(.fillDrain) == folds * (size.rows + size.columns - 2))
  }

  @Test func `a second preload hides behind the stream of the first fold`() throws {
    let machine = Fixture.machine(
      scratchpads: [
        Scratchpad(
          name: "activations", roles: [.activations, .weights], capacity: Bytes(8192), banks: 4, wordBytes: 4,
          ports: .readWrite),
        Scratchpad(
          name: "accumulators", roles: [.accumulators], capacity: Bytes(4096), banks: 2, wordBytes: 16,
          ports: .readWrite),
        Scratchpad(name: "weights", roles: [], capacity: Bytes(4096), banks: 2, wordBytes: 4),
      ])
    var tile = Fixture.tile(m: 10, k: 8, n: 8)
    tile.weights = Fixture.dense(2, at: 0)
    let result = try Machine(machine).run(Fixture.program { $0.array(tile) })
    #expect(result.cycles == 1 + 4 + 4 * 10 + 6)
  }

  @Test func `a preload longer than the stream shows`() throws {
    let machine = Fixture.machine(rows: 8)
    let result = try Machine(machine).run(
      Fixture.program { program in
        var tile = Fixture.tile(m: 2, k: 32, n: 4)
        tile.weights = AccessPattern(memory: -1, address: 0, words: 0)
        program.array(tile)
      })
    // Four folds whose starts are 8 preload cycles apart, then 2 of stream and 8 + 4 - 2 of skew.
    #expect(result.cycles == 1 + 4 * 8 + 2 + 10)
  }

  @Test func `a load takes set-up, way, pipe and bus`() throws {
    let transfer = Transfer(address: 0, runBytes: 64, memory: 0, scratchpadAddress: 0)
    let result = try Machine(Fixture.machine()).run(
      Fixture.program { $0.transfer(.load, transfer) })
    // Issue 1, set-up 3, 64 B at 4 B a cycle = 16, latency 20, way 2 × 5, then 8 beats of 8 B.
    #expect(result.cycles == 1 + 3 + 16 + 20 + 10 + 8)
    #expect(result.counts.memoryReadBytes == 64)
    #expect(result.arrayCyclesByCause.first { $0.cause == .memoryLoad }?.cycles == result.cycles - 1)
  }

  @Test func `streams that meet in one bank give way in turn`() throws {
    // Preload and stream walk the same banks at a fixed distance of zero: they collide in every cycle.
    let narrow = [
      Scratchpad(
        name: "one bank", roles: [.activations, .weights], capacity: Bytes(8192), banks: 1, wordBytes: 4),
      Scratchpad(
        name: "accumulators", roles: [.accumulators], capacity: Bytes(4096), banks: 2, wordBytes: 16,
        ports: .readWrite),
    ]
    let program = Fixture.program { $0.array(Fixture.tile(m: 10, k: 8, n: 4)) }
    let result = try Machine(Fixture.machine(scratchpads: narrow)).run(program)
    let conflicts = try #require(result.arrayCyclesByCause.first { $0.cause == .bankConflict }).cycles
    // The second preload needs 4 accesses of the one bank while the first fold streams.
    #expect(conflicts == 4)
    #expect(result.cycles == 1 + 4 + 10 + 4 + 10 + 6)
  }

  @Test func `a full queue holds back what stands behind it`() throws {
    let machine = Fixture.machine(sequencer: Sequencer(issueCycles: 1, queueDepth: 1))
    let program = Fixture.program { program in
      for _ in 0..<3 {
        program.transfer(.load, Transfer(address: 0, runBytes: 64, memory: 0, scratchpadAddress: 0))
      }
      program.array(Fixture.tile(m: 4, k: 4, n: 4))
    }
    let result = try Machine(machine).run(program)
    let loads = result.timeline[1].start
    #expect(result.timeline[3].start > loads)
  }

  @Test func `a program with a dependency on a later instruction is refused`() {
    var program = Fixture.program { $0.array(Fixture.tile(m: 4, k: 4, n: 4)) }
    program.dependencies = [0]
    program.instructions[0].dependencyCount = 1
    #expect(throws: SimulationError.self) { try Machine(Fixture.machine()).run(program) }
  }
}
