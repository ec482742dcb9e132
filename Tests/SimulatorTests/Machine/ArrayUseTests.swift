import Hardware
import Measures
import Simulator
import TestSupport
import Testing

@Suite("What the array did for a layer")
struct ArrayUseTests {
  /// Counts fold by fold what ``ArrayUse`` says in closed form.
  private static func counted(_ tile: ArrayTile, on array: MACArray) -> ArrayUse {
    var use = ArrayUse(dataflow: tile.dataflow)
    use.storage = tile.storage
    let positions = tile.packsKernel ? 1 : max(1, tile.kernelPositions)
    let (kept, share) = (tile.storedK / positions, tile.k / positions)
    func cut(_ extent: Int, _ size: Int) -> [Int] {
      stride(from: 0, to: extent, by: size).map { min(size, extent - $0) }
    }
    let reductions = (0..<positions).flatMap { _ in cut(kept, array.rows) }
    let isSystolic = array.kind == .systolic
    switch tile.dataflow {
    case .weightStationary, .rowStationary:
      for columns in cut(tile.n, array.columns) {
        for (index, rows) in reductions.enumerated() {
          use.folds += 1
          use.streamSteps += cut(tile.m, array.pixels).count
          use.mappedCells += rows * columns * min(array.pixels, tile.m)
          use.matchedActivationReads += rows * tile.m
          use.weightReads += rows * columns
          use.slots += rows * columns * tile.m
          use.sumWrites += columns * tile.m
          if index > 0 || tile.accumulates { use.sumReads += columns * tile.m }
        }
        use.activationReads += positions * share * tile.m
      }
    case .inputStationary:
      for columns in cut(tile.m, array.columns) {
        for (index, rows) in reductions.enumerated() {
          use.folds += 1
          use.streamSteps += tile.n
          use.mappedCells += rows * columns
          use.matchedActivationReads += rows * columns
          use.weightReads += rows * tile.n
          use.slots += rows * columns * tile.n
          use.sumWrites += columns * tile.n
          if index > 0 || tile.accumulates { use.sumReads += columns * tile.n }
        }
        use.activationReads += positions * share * columns
      }
    case .outputStationary:
      for columns in cut(tile.n, array.columns) {
        for rows in cut(tile.m, isSystolic ? array.rows : array.pixels) {
          use.folds += 1
          use.streamSteps +=
            isSystolic
            ? tile.storedK : positions * cut(kept, min(array.rows, array.preloadRowsPerCycle)).count
          use.mappedCells += rows * columns * (isSystolic ? 1 : min(array.rows, tile.storedK))
          use.activationReads += rows * tile.k
          use.matchedActivationReads += rows * tile.storedK
          use.weightReads += columns * tile.storedK
          use.slots += rows * columns * tile.storedK
          use.sumWrites += rows * columns
          if tile.accumulates { use.sumReads += rows * columns }
        }
      }
    }
    return use
  }

  @Test(
    arguments: [
      (MACArray.Kind.systolic, Dataflow.weightStationary), (.systolic, .inputStationary),
      (.systolic, .outputStationary), (.dotProduct, .weightStationary), (.dotProduct, .outputStationary),
    ])
  func `is what its folds did, one by one`(kind: MACArray.Kind, dataflow: Dataflow) throws {
    for seed in 1...200 {
      var dice = Dice(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
      var input = ArrayTwinTests.make(&dice, kind: kind, dataflow: dataflow)
      input.tile.storage = dice.pick([
        .dense, .pattern(kept: 2, of: 4), .pattern(kept: 3, of: 8), .rows(block: dice.roll(2...8)),
      ])
      let program = Fixture.program { $0.array(input.tile) }
      let result = try Machine(ArrayTwinTests.model(input.array)).run(program)
      let use = try #require(result.layers[0].arrayUse)
      try #require(
        use == Self.counted(input.tile, on: input.array), "seed \(seed): \(input) \(input.tile.storage)")
    }
  }

  @Test func `adds up over the tiles of a layer, and is absent without any`() throws {
    let tile = Fixture.tile(m: 10, k: 4, n: 4)
    let once = try Machine(Fixture.machine()).run(Fixture.program { $0.array(tile) })
    let twice = try Machine(Fixture.machine()).run(
      Fixture.program {
        $0.array(tile)
        $0.array(tile)
      })
    let (single, double) = (try #require(once.layers[0].arrayUse), try #require(twice.layers[0].arrayUse))
    #expect(single + single == double)
    #expect(double.activationReads == 80)
    #expect(double.folds == 2)
    let none = try Machine(Fixture.machine()).run(Fixture.program { _ in })
    #expect(none.layers.allSatisfy { $0.arrayUse == nil })
  }

  @Test func `a sparse tile takes the folds of the weights that are stored`() throws {
    var tile = Fixture.tile(m: 10, k: 32, n: 4)
    let machine = Fixture.machine(
      overlapsPreload: false, overlapsFolds: false, sequencer: Sequencer(issueCycles: 0, queueDepth: 4))
    let dense = try Machine(machine).run(Fixture.program { $0.array(tile) })
    tile.storage = .pattern(kept: 1, of: 4)
    let sparse = try Machine(machine).run(Fixture.program { $0.array(tile) })
    #expect(dense.cycles == 8 * (10 + 4 + 4 + 4 - 2))
    #expect(sparse.cycles == 2 * (10 + 4 + 4 + 4 - 2))
  }
}
