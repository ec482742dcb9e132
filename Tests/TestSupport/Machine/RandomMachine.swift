package import Hardware
import Measures

/// Small machines and programs by dice.
package enum RandomMachine {
  /// A small machine with pipe memory or DRAM.
  package static func machine(_ dice: inout Dice) -> HardwareModel {
    let arbitration: Scratchpad.Arbitration = dice.pick([.rotating, .fixed])
    let memories = [
      Scratchpad(
        name: "unified", roles: [.activations, .weights], capacity: Bytes(8192),
        banks: dice.pick([1, 2, 3, 4, 8]),
        wordBytes: dice.pick([4, 8]), ports: dice.pick([.single, .readWrite]), arbitration: arbitration),
      Scratchpad(
        name: "accumulators", roles: [.accumulators], capacity: Bytes(8192), banks: dice.pick([1, 2, 4]),
        wordBytes: 16, ports: dice.pick([.single, .readWrite])),
    ]
    let memory: MainMemory =
      dice.roll(0...2) == 0
      ? .pipe(MemoryPipe(bandwidth: BytesPerSecond(Double(dice.roll(1...20)) * 1e9), latency: Seconds(3e-8)))
      : .dram(
        DRAMSystem(
          standard: dice.pick(DRAMStandard.all), channels: dice.roll(1...2),
          addressMap: dice.pick(AddressMap.allCases), rowPolicy: dice.pick([.open, .closed]), queueDepth: 8))
    var model = Fixture.machine(
      rows: dice.roll(1...6), columns: dice.roll(1...6),
      kind: dice.pick([.systolic, .dotProduct, .rowStationary]),
      pixels: dice.pick([1, 1, 2]), overlapsPreload: dice.pick([true, false]),
      overlapsFolds: dice.pick([true, false]), minimumFoldCycles: dice.pick([1, 4]),
      rate: dice.pick([1, 0.5, 0.4]),
      scratchpads: memories, memory: memory,
      dma: DMAEngine(
        clock: Hertz(dice.pick([1e9, 1e9, 3e8, 0.6e9, 1.3e9, 2.5e9])), busBytes: dice.pick([4, 8, 16]),
        burstBytes: dice.pick([32, 64]),
        outstanding: dice.roll(1...5), setupCycles: dice.roll(0...5), latencyCycles: dice.roll(0...7),
        firstTouchCycles: dice.pick([0, 0, 7]), storeBurstBytes: dice.pick([0, 0, 8])),
      sequencer: Sequencer(
        issueCycles: dice.roll(0...3), queueDepth: dice.roll(1...4), layerCycles: dice.roll(0...4),
        networkCycles: dice.roll(0...9), hostStepCycles: dice.roll(0...3)))
    model.array.preloadRowsPerCycle = dice.roll(1...model.array.rows)
    model.array.pipelineCycles = dice.pick([0, 0, 3])
    model.array.depthwiseChannels = dice.roll(0...3)
    if model.array.kind == .rowStationary, dice.roll(0...1) == 0 { model.array.passes = passes(&dice) }
    return model
  }

  /// A port for the sums of a row-stationary array, by dice.
  package static func passes(_ dice: inout Dice) -> RowPasses {
    RowPasses(
      sumsPerCycle: dice.roll(1...5), inputPad: dice.pick([1, 4, 12]), inputs: dice.pick([1, 40, 200, 5000]))
  }

  /// One or two small caches for `model`, by dice.
  package static func caches(_ dice: inout Dice, for model: HardwareModel) -> [Cache] {
    let access =
      switch model.memory {
      case .dram(let system): system.standard.accessBytes
      case .pipe: min(64, model.dma.burstBytes)
      }
    let line = access * dice.pick([1, 1, 2])
    let energy = EnergyTable.Sourced(Joules(2e-12), source: "test")
    return (0..<dice.roll(1...2)).map { index in
      let ways = dice.pick([1, 2, 4])
      return Cache(
        name: "level \(index)", capacity: Bytes(line * ways * dice.pick([1, 2, 3, 8])), ways: ways,
        lineBytes: line, latencyCycles: dice.roll(0...9), wayBelowCycles: dice.pick([0, 0, 12]),
        misses: dice.roll(1...4), banks: dice.pick([1, 1, 2, 3]), turnCycles: dice.pick([0, 0, 6]),
        writeBackCycles: dice.pick([0, 0, 7]), contents: dice.pick([.nothing, .others]),
        replacement: dice.pick([.leastRecent, .random]), accessEnergy: energy,
        lineEnergy: energy)
    }
  }

  static func pattern(_ dice: inout Dice, memory: Int, writes: Bool) -> AccessPattern {
    if dice.roll(0...7) == 0 { return .none }
    return AccessPattern(
      memory: memory, address: dice.roll(0...200) * 16, words: dice.roll(1...2), innerCount: dice.roll(1...7),
      innerStride: dice.roll(0...3), outerStride: dice.roll(0...9), foldStride: dice.roll(0...5),
      isWrite: writes)
  }

  /// A program of up to fourteen instructions that depend on each other at random.
  package static func program(_ dice: inout Dice) -> Program {
    var program = Program(name: "random", format: .int8)
    let layers = dice.roll(1...3)
    for index in 0..<layers {
      program.layers.append(
        Program.Layer(name: "layer \(index)", operatorName: "random", macs: 0, mapping: "by dice"))
      program.layers[index].hostSteps = dice.pick([0, 0, 5])
    }
    let count = dice.roll(1...14)
    for index in 0..<count {
      var after: [Int32] = []
      if index > 0 {
        for _ in 0..<dice.roll(0...2) { after.append(Int32(dice.roll(0...(index - 1)))) }
      }
      let layer = index * layers / count
      let unit: Instruction.Kind = dice.pick([.load, .store, .array, .vector])
      append(unit, to: &program, &dice, layer: layer, after: after)
    }
    return program
  }

  /// A program whose instructions depend on nothing: all units at work at once.
  package static func crowd(_ dice: inout Dice) -> Program {
    var program = Program(name: "crowd", format: .int8)
    program.layers = [Program.Layer(name: "only", operatorName: "random", macs: 0, mapping: "by dice")]
    for _ in 0..<2 {
      for unit in Instruction.Kind.allCases { append(unit, to: &program, &dice, layer: 0, after: []) }
    }
    return program
  }

  private static func append(
    _ unit: Instruction.Kind, to program: inout Program, _ dice: inout Dice, layer: Int, after: [Int32]
  ) {
    switch unit {
    case .load, .store:
      program.transfer(
        unit,
        Transfer(
          address: dice.roll(0...100_000), runBytes: dice.roll(1...150), innerCount: dice.roll(1...3),
          innerStride: dice.roll(150...9000), outerCount: dice.roll(1...2), outerStride: 40_000, memory: 0,
          scratchpadAddress: 0), layer: layer, after: after)
    case .array:
      let m = dice.roll(1...20)
      let k = dice.roll(1...20)
      let n = dice.roll(1...12)
      program.array(
        ArrayTile(
          dataflow: dice.pick([.weightStationary, .outputStationary, .inputStationary]), m: m, k: k, n: n,
          kernelPositions: dice.pick([1, 1, 4]), depthwiseChannels: dice.pick([0, 0, 5]), macs: m * k * n,
          accumulates: dice.pick([true, false]), activations: pattern(&dice, memory: 0, writes: false),
          weights: pattern(&dice, memory: 0, writes: false), output: pattern(&dice, memory: 1, writes: true)
        ),
        layer: layer, after: after)
    case .vector:
      program.vector(
        VectorTile(
          elements: dice.roll(1...60),
          classes: dice.pick([[.simple], [.transcendental], [.simple, .multiply]]),
          firstOperand: pattern(&dice, memory: dice.roll(0...1), writes: false),
          secondOperand: pattern(&dice, memory: 0, writes: false),
          result: pattern(&dice, memory: 0, writes: true)), layer: layer, after: after)
    }
  }
}
