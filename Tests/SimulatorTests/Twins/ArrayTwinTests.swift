import Hardware
import Measures
import Simulator
import TestSupport
import Testing

@Suite("The MAC array does what its registers do")
struct ArrayTwinTests {
  /// A product on an array, by dice.
  struct Case: CustomStringConvertible {
    var array: MACArray
    var tile: ArrayTile
    var rate: Double
    var left: [[Int]]
    var right: [[Int]]
    var initial: [[Int]]?

    var description: String {
      "\(tile.dataflow.rawValue) \(tile.m)×\(tile.k)×\(tile.n) in \(tile.kernelPositions) positions on "
        + "\(array.kind.rawValue) \(array.pixels)×\(array.rows)×\(array.columns), shadow \(array.overlapsPreload), "
        + "overlap \(array.overlapsFolds), \(array.preloadRowsPerCycle) rows a load, \(array.pipelineCycles) registers, "
        + "least fold \(array.minimumFoldCycles), \(array.drain.rawValue), rate \(rate), accumulates \(tile.accumulates)"
    }
  }

  static func make(_ dice: inout Dice, kind: MACArray.Kind, dataflow: Dataflow) -> Case {
    func extent(_ dice: inout Dice, _ most: Int) -> Int { dice.roll(0...4) == 0 ? 1 : dice.roll(1...most) }
    let rows = extent(&dice, 6)
    let rate = dice.pick([1, 1, 1, 0.5, 0.4, 0.3])
    var array = MACArray(
      kind: kind, rows: rows, columns: extent(&dice, 6), pixels: kind == .dotProduct ? dice.roll(1...3) : 1,
      dataflows: [dataflow], formats: [OperandFormat(name: .int8, rate: rate)],
      overlapsPreload: dice.pick([true, false]), overlapsFolds: dice.pick([true, false]),
      preloadRowsPerCycle: dice.pick([1, 1, dice.roll(1...rows)]),
      minimumFoldCycles: dice.pick([1, 1, 4, 9]),
      pipelineCycles: dice.pick([0, 0, 1, 5]))
    if kind == .systolic, dataflow == .outputStationary, !array.overlapsFolds {
      array.drain = dice.pick([.shifted, .bus])
    }
    let positions = dataflow == .outputStationary && kind == .systolic ? 1 : dice.pick([1, 1, 1, 3])
    let (m, n) = (extent(&dice, 15), extent(&dice, 15))
    let k = positions * extent(&dice, positions == 1 ? 20 : 8)
    func matrix(_ dice: inout Dice, _ rows: Int, _ columns: Int) -> [[Int]] {
      var matrix: [[Int]] = []
      for _ in 0..<rows { matrix.append((0..<columns).map { _ in dice.roll(-128...127) }) }
      return matrix
    }
    let accumulates = dice.pick([true, false])
    var tile = ArrayTile(
      dataflow: dataflow, m: m, k: k, n: n, kernelPositions: positions, macs: m * k * n,
      accumulates: accumulates, activations: Fixture.dense(0, at: 0), weights: Fixture.dense(1, at: 0),
      output: Fixture.dense(2, at: 0, writes: true))
    if positions > 1, dice.pick([true, false]) { tile.packsKernel = true }
    let left = matrix(&dice, m, k)
    let right = matrix(&dice, k, n)
    return Case(
      array: array, tile: tile, rate: rate, left: left, right: right,
      initial: accumulates ? matrix(&dice, m, n) : nil)
  }

  static func settings(_ array: MACArray, rate: Double) -> ArrayTwinSettings {
    var settings = ArrayTwinSettings(
      rows: array.rows, columns: array.columns, hasShadow: array.overlapsPreload,
      overlapsFolds: array.overlapsFolds)
    settings.pixels = array.pixels
    settings.hasBus = array.drain == .bus
    settings.rowsPerLoad = array.preloadRowsPerCycle
    settings.edgeRegisters = array.pipelineCycles
    settings.minimumFoldCycles = array.minimumFoldCycles
    settings.port = array.passes.map { ($0.sumsPerCycle, $0.inputPad, $0.inputs) }
    settings.stepParts = Int((1000 / rate).rounded())
    return settings
  }

  static func transposed(_ matrix: [[Int]]) -> [[Int]] {
    matrix[0].indices.map { column in matrix.map { $0[column] } }
  }

  static func twin(_ input: Case) -> ArrayTwinRun {
    let settings = settings(input.array, rate: input.rate)
    let positions = input.tile.packsKernel ? 1 : input.tile.kernelPositions
    switch (input.array.kind, input.tile.dataflow) {
    case (.systolic, .outputStationary):
      var twin = DrainedSystolicTwin(settings, left: input.left, upper: input.right)
      return twin.execute(initial: input.initial)
    case (.systolic, .inputStationary):
      // The roles change: weights stream past activations.
      var twin = SystolicTwin(
        settings, streamed: transposed(input.right), stationary: transposed(input.left), positions: positions,
        initial: input.initial.map(transposed))
      var run = twin.execute()
      run.product = transposed(run.product)
      return run
    case (.systolic, _):
      var twin = SystolicTwin(
        settings, streamed: input.left, stationary: input.right, positions: positions, initial: input.initial)
      return twin.execute()
    case (_, .outputStationary):
      return DotProductTwin(settings, left: input.left, right: input.right, positions: positions)
        .executeReduced(initial: input.initial)
    default:
      return DotProductTwin(settings, left: input.left, right: input.right, positions: positions)
        .executeStationary(initial: input.initial)
    }
  }

  static func product(_ input: Case, adding: Bool = true) -> [[Int]] {
    let zero = Array(repeating: Array(repeating: 0, count: input.tile.n), count: input.tile.m)
    var product = adding ? input.initial ?? zero : zero
    for row in 0..<input.tile.m {
      for column in 0..<input.tile.n {
        for index in 0..<input.tile.k {
          product[row][column] += input.left[row][index] * input.right[index][column]
        }
      }
    }
    return product
  }

  /// Memories in which nobody ever waits.
  static let roomy = ["activations", "weights", "accumulators"].map {
    Scratchpad(
      name: $0, roles: [], capacity: Bytes(1 << 20), banks: 64, wordBytes: 4, ports: .readWrite)
  }

  static func model(_ array: MACArray) -> HardwareModel {
    var model = Fixture.machine(scratchpads: roomy, sequencer: Sequencer(issueCycles: 0, queueDepth: 4))
    model.array = array
    return model
  }

  @Test(
    arguments: [
      (MACArray.Kind.systolic, Dataflow.weightStationary), (.systolic, .inputStationary),
      (.systolic, .outputStationary), (.dotProduct, .weightStationary), (.dotProduct, .outputStationary),
    ])
  func `each result appears in the cycle in which the registers deliver it`(
    kind: MACArray.Kind, dataflow: Dataflow
  ) throws {
    for seed in 1...1000 {
      var dice = Dice(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
      let input = Self.make(&dice, kind: kind, dataflow: dataflow)
      let twin = Self.twin(input)
      try #require(twin.product == Self.product(input), "seed \(seed): \(input)")

      let schedule = FoldSchedule(input.tile, on: input.array, pace: StreamPace(rate: input.rate))
      try #require(schedule.folds.count == twin.appearances.count, "seed \(seed): \(input)")
      let expected = twin.appearances.indices.map { fold in
        twin.appearances[fold].indices.map { row in
          (0..<input.array.columns).map { schedule.resultCycle(fold: fold, row: row, column: $0) }
        }
      }
      try #require(expected == twin.appearances, "seed \(seed): \(input)")
      try #require(schedule.end == twin.end, "seed \(seed): \(input)")

      let program = Fixture.program { $0.array(input.tile) }
      let result = try Machine(Self.model(input.array)).run(program)
      try #require(result.timeline[0].end - result.timeline[0].start == twin.end, "seed \(seed): \(input)")
      let counts = result.counts
      let isInputStationary = dataflow == .inputStationary
      let isOutputStationary = dataflow == .outputStationary
      try #require(
        counts.scratchpadReads[0] == (isInputStationary ? twin.stationaryReads : twin.streamReads),
        "activations, seed \(seed): \(input)")
      try #require(
        counts.scratchpadReads[1]
          == (isInputStationary || isOutputStationary ? twin.streamReads : twin.stationaryReads),
        "weights, seed \(seed): \(input)")
      try #require(counts.scratchpadReads[2] == twin.sumReads, "sums read, seed \(seed): \(input)")
      try #require(counts.scratchpadWrites[2] == twin.sumWrites, "sums written, seed \(seed): \(input)")
    }
  }

  @Test func `a stream that does not wait for its last stationary row multiplies wrongly`() {
    var wrong = 0
    var cases = 0
    for seed in 1...300 {
      var dice = Dice(state: UInt64(seed) &* 0xD1B5_4A32_D192_ED03)
      let input = Self.make(&dice, kind: .systolic, dataflow: .weightStationary)
      guard input.array.rows > 1 else { continue }
      cases += 1
      var settings = ArrayTwinSettings(
        rows: input.array.rows, columns: input.array.columns, hasShadow: false,
        overlapsFolds: input.array.overlapsFolds)
      settings.haste = 1
      var twin = SystolicTwin(settings, streamed: input.left, stationary: input.right)
      if twin.execute().product != Self.product(input, adding: false) { wrong += 1 }
    }
    #expect(cases > 200)
    #expect(wrong > cases * 98 / 100)
  }
}
