package import Hardware
import Measures

/// A small machine for tests, with every part adjustable.
package enum Fixture {
  package static func energy(scratchpads: Int) -> EnergyTable {
    func joules(_ picojoules: Double) -> EnergyTable.Sourced<Joules> {
      EnergyTable.Sourced(Joules(picojoules * 1e-12), source: "test")
    }
    return EnergyTable(
      mac: [.int8: joules(0.1), .int16: joules(0.3)], arrayCellCycle: joules(0.01),
      scratchpadRead: Array(repeating: joules(5), count: scratchpads),
      scratchpadWrite: Array(repeating: joules(6), count: scratchpads),
      vectorElement: [.simple: joules(0.05), .multiply: joules(0.1), .transcendental: joules(0.7)],
      dmaByte: joules(0.4), instruction: joules(3), memoryByte: joules(40),
      staticPower: [
        EnergyTable.StaticPower(
          component: .other, power: EnergyTable.Sourced(Watts(0.002), source: "test")),
        EnergyTable.StaticPower(
          component: .scratchpad, power: EnergyTable.Sourced(Watts(0.001), source: "test")),
      ])
  }

  package static func machine(
    rows: Int = 4, columns: Int = 4, kind: MACArray.Kind = .systolic, pixels: Int = 1,
    overlapsPreload: Bool = true, overlapsFolds: Bool = true, minimumFoldCycles: Int = 1, rate: Double = 1,
    scratchpads: [Scratchpad]? = nil, memory: MainMemory? = nil, dma: DMAEngine? = nil,
    sequencer: Sequencer = Sequencer(issueCycles: 1, queueDepth: 4)
  ) -> HardwareModel {
    let memories =
      scratchpads ?? [
        Scratchpad(
          name: "unified", roles: [.activations, .weights], capacity: Bytes(4096), banks: 4, wordBytes: 4),
        Scratchpad(
          name: "accumulators", roles: [.accumulators], capacity: Bytes(4096), banks: 2, wordBytes: 16,
          ports: .readWrite),
      ]
    return HardwareModel(
      name: "test", summary: "A small machine for tests.", clock: Hertz(1e9),
      array: MACArray(
        kind: kind, rows: rows, columns: columns, pixels: pixels,
        dataflows: [.weightStationary, .outputStationary, .inputStationary],
        formats: [OperandFormat(name: .int8, rate: rate)], overlapsPreload: overlapsPreload,
        overlapsFolds: overlapsFolds, minimumFoldCycles: minimumFoldCycles),
      scratchpads: memories,
      dma: dma
        ?? DMAEngine(
          clock: Hertz(1e9), busBytes: 8, burstBytes: 64, outstanding: 4, setupCycles: 3, latencyCycles: 5),
      memory: memory ?? .pipe(MemoryPipe(bandwidth: BytesPerSecond(4e9), latency: Seconds(20e-9))),
      vector: VectorUnit(
        lanes: 4, cyclesPerStep: [.simple: 1, .multiply: 1, .transcendental: 3], pipelineCycles: 2),
      sequencer: sequencer, energy: energy(scratchpads: memories.count))
  }

  /// A pattern of dense words in memory `memory`.
  package static func dense(_ memory: Int, at address: Int, writes: Bool = false) -> AccessPattern {
    AccessPattern(memory: memory, address: address, innerCount: 1 << 40, isWrite: writes)
  }

  package static func tile(
    m: Int, k: Int, n: Int, dataflow: Dataflow = .weightStationary, accumulates: Bool = false
  ) -> ArrayTile {
    ArrayTile(
      dataflow: dataflow, m: m, k: k, n: n, macs: m * k * n, accumulates: accumulates,
      activations: dense(0, at: 0), weights: dense(0, at: 2048), output: dense(1, at: 0, writes: true))
  }

  /// A program of one layer.
  package static func program(_ build: (inout Program) -> Void) -> Program {
    var program = Program(name: "test", format: .int8)
    program.layers = [Program.Layer(name: "only", operatorName: "test", macs: 0, mapping: "by hand")]
    build(&program)
    return program
  }
}

extension Program {
  @discardableResult
  package mutating func array(_ tile: ArrayTile, layer: Int = 0, after: [Int32] = []) -> Int32 {
    arrayTiles.append(tile)
    return append(.array, payload: arrayTiles.count - 1, layer: layer, after: after)
  }

  @discardableResult
  package mutating func vector(_ tile: VectorTile, layer: Int = 0, after: [Int32] = []) -> Int32 {
    vectorTiles.append(tile)
    return append(.vector, payload: vectorTiles.count - 1, layer: layer, after: after)
  }

  @discardableResult
  package mutating func transfer(
    _ kind: Instruction.Kind, _ transfer: Transfer, layer: Int = 0, after: [Int32] = []
  ) -> Int32 {
    transfers.append(transfer)
    return append(kind, payload: transfers.count - 1, layer: layer, after: after)
  }
}
