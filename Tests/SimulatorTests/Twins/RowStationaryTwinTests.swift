import Hardware
import Simulator
import TestSupport
import Testing

@Suite("A row-stationary array does what its registers do")
struct RowStationaryTwinTests {
  struct Case: CustomStringConvertible {
    var array: MACArray
    var tile: ArrayTile
    var layer: RowConvolution
    var rate: Double
    var initial: [[Int]]?

    var description: String {
      "\(layer.input.count) channels × \(layer.filters.count) filters of \(tile.kernelPositions), "
        + "\(layer.outputRows)×\(layer.outputColumns) outputs, stride \(layer.stride) on "
        + "\(array.rows)×\(array.columns), shadow \(array.overlapsPreload), overlap \(array.overlapsFolds), "
        + "\(array.pipelineCycles) registers, least fold \(array.minimumFoldCycles), rate \(rate), "
        + "accumulates \(tile.accumulates), port \(array.passes.map { "\($0)" } ?? "none")"
    }
  }

  static func make(_ dice: inout Dice) -> Case {
    let rate = dice.pick([1, 1, 1, 0.5, 0.4])
    var array = MACArray(
      kind: .rowStationary, rows: dice.roll(1...7), columns: dice.roll(1...7), dataflows: [.rowStationary],
      formats: [OperandFormat(name: .int8, rate: rate)],
      overlapsPreload: dice.pick([true, false]), overlapsFolds: dice.pick([true, false]),
      minimumFoldCycles: dice.pick([1, 1, 4, 20]), pipelineCycles: dice.pick([0, 0, 1, 5]))
    if dice.roll(0...1) == 0 { array.passes = RandomMachine.passes(&dice) }
    // The array takes a kernel as a square, or one column less.
    let filterRows = dice.roll(1...4)
    let taps = max(1, filterRows - dice.roll(0...1))
    let stride = dice.roll(1...3)
    let (channels, filters) = (dice.roll(1...6), dice.roll(1...6))
    let (outputRows, outputColumns) = (dice.roll(1...9), dice.roll(1...7))
    func numbers(_ dice: inout Dice, _ count: Int) -> [Int] {
      (0..<count).map { _ in dice.roll(-128...127) }
    }
    func image(_ dice: inout Dice, _ rows: Int, _ columns: Int) -> [[Int]] {
      var image: [[Int]] = []
      for _ in 0..<rows { image.append(numbers(&dice, columns)) }
      return image
    }
    var input: [[[Int]]] = []
    for _ in 0..<channels {
      input.append(
        image(&dice, (outputRows - 1) * stride + filterRows, (outputColumns - 1) * stride + taps))
    }
    var kernels: [[[[Int]]]] = []
    for _ in 0..<filters {
      var kernel: [[[Int]]] = []
      for _ in 0..<channels { kernel.append(image(&dice, filterRows, taps)) }
      kernels.append(kernel)
    }
    let accumulates = dice.pick([true, false])
    let pixels = outputRows * outputColumns
    var activations = Fixture.dense(0, at: 0)
    activations.innerCount = outputColumns
    activations.outerStride = outputColumns
    let tile = ArrayTile(
      dataflow: .rowStationary, m: pixels, k: channels * filterRows * taps, n: filters,
      kernelPositions: filterRows * taps, macs: pixels * channels * filterRows * taps * filters,
      accumulates: accumulates, activations: activations, weights: Fixture.dense(1, at: 0),
      output: Fixture.dense(2, at: 0, writes: true))
    return Case(
      array: array, tile: tile,
      layer: RowConvolution(
        input: input, filters: kernels, stride: stride, outputRows: outputRows, outputColumns: outputColumns),
      rate: rate, initial: accumulates ? image(&dice, filters, pixels) : nil)
  }

  /// The convolution from its definition.
  static func convolution(_ input: Case) -> [[Int]] {
    let layer = input.layer
    return layer.filters.indices.map { filter in
      (0..<layer.outputRows * layer.outputColumns).map { pixel in
        let (row, column) = pixel.quotientAndRemainder(dividingBy: layer.outputColumns)
        var sum = input.initial?[filter][pixel] ?? 0
        for (channel, kernel) in layer.filters[filter].enumerated() {
          for (y, line) in kernel.enumerated() {
            for (x, weight) in line.enumerated() {
              sum += weight * layer.input[channel][row * layer.stride + y][column * layer.stride + x]
            }
          }
        }
        return sum
      }
    }
  }

  @Test func `each sum appears in the cycle in which the registers deliver it`() throws {
    for seed in 1...1500 {
      var dice = Dice(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
      let input = Self.make(&dice)
      let twin = RowStationaryTwin(ArrayTwinTests.settings(input.array, rate: input.rate), input.layer)
        .execute(initial: input.initial)
      try #require(twin.product == Self.convolution(input), "seed \(seed): \(input)")

      let schedule = FoldSchedule(input.tile, on: input.array, pace: StreamPace(rate: input.rate))
      try #require(schedule.folds.count == twin.appearances.count, "seed \(seed): \(input)")
      let expected = twin.appearances.indices.map { fold in
        twin.appearances[fold].indices.map { [schedule.resultCycle(fold: fold, row: $0, column: 0)] }
      }
      try #require(expected == twin.appearances, "seed \(seed): \(input)")
      try #require(schedule.end == twin.end, "seed \(seed): \(input)")

      let model = ArrayTwinTests.model(input.array)
      let program = Fixture.program { $0.array(input.tile) }
      let result = try Machine(model).run(program)
      try #require(result.timeline[0].end - result.timeline[0].start == twin.end, "seed \(seed): \(input)")
      let counts = result.counts
      try #require(counts.scratchpadReads[0] == twin.streamReads, "activations, seed \(seed): \(input)")
      try #require(counts.scratchpadReads[1] == twin.stationaryReads, "weights, seed \(seed): \(input)")
      // A cycle of the port moves as many sums, each a word of these memories.
      let words = input.array.passes?.sumsPerCycle ?? 1
      try #require(
        counts.scratchpadReads[2] == words * twin.sumReads, "sums read, seed \(seed): \(input)")
      try #require(
        counts.scratchpadWrites[2] == words * twin.sumWrites, "sums written, seed \(seed): \(input)")
    }
  }
}
