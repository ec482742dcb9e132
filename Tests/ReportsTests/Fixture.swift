import Hardware
import Measures
import Reports
import Simulator

/// A report about a run that never happened, but whose sums agree as those of a real one do.
///
/// - Parameter rename: turns the name of each layer into another one, to see what a hostile name does.
func reportFixture(layers count: Int = 21, rename: (String) -> String = { $0 }) -> RunReport {
  var builder = FixtureBuilder(model: machineFixture())
  for index in 0..<count { builder.addLayer(index, name: rename("layer\(index / 4 + 1).\(index % 4).conv")) }
  let result = builder.result
  return RunReport(
    network: NetworkIdentity(
      name: rename("resnet18"), sha256: String(repeating: "a1", count: 32),
      macs: builder.layers.reduce(0) { $0 + $1.macs }, parameters: 11_689_512),
    hardware: HardwareIdentity(
      name: "edge", sha256: String(repeating: "b2", count: 32),
      modelSHA256: String(repeating: "c3", count: 32), overrides: ["array.rows=32"], model: builder.model),
    program: builder.program, result: result, demand: builder.demand,
    provenance: Provenance(
      version: "0.1.0", commandLine: "joulery simulate resnet18",
      notes: ["a float32 network, simulated as int8"]))
}

/// Makes up layers one after the other, and the run that they add up to.
private struct FixtureBuilder {
  var model: HardwareModel
  var program = Program(name: "resnet18", format: .int8)
  var layers: [LayerResult] = []
  var timeline: [InstructionTiming] = []
  var cycle = 0

  init(model: HardwareModel) {
    self.model = model
    program.scratchpadPeakBytes = 900 << 10
  }

  mutating func addLayer(_ index: Int, name: String) {
    let operation = index % 4 == 3 ? "convolution+add+relu" : "convolution+relu"
    let load = 20_000 + 37_000 * (index * 7 % 5)
    let amounts = [
      120_000 + 9_000 * (index * 5 % 7), 3_000, 9_000 + 500 * (index % 3), 1_200 * (index % 4), load, 2_500,
      7_000, 900, 0, 0,
    ]
    let causes = zip(CycleCause.allCases, amounts).map { CauseCycles(cause: $0, cycles: $1) }
    let cycles = amounts.reduce(0, +)
    let macs = amounts[0] * 1024 * (60 + 5 * (index % 8)) / 100
    let parts = [0.2e-12 * Double(macs), 3e-5, 4e-6, 2e-6, 0, Double(load) * 0.9e-9, 4e-7, 2e-6].map {
      Joules($0)
    }
    let readBytes = load * 12
    let mapping =
      "weight-stationary, tile 56×64×64: fewest cycles of \(40 + index) candidates, bound by the array"
    program.layers.append(
      Program.Layer(name: name, operatorName: operation, macs: macs, mapping: mapping))
    layers.append(
      LayerResult(
        name: name, operatorName: operation, mapping: mapping, startCycle: cycle, endCycle: cycle + cycles,
        computeCycles: amounts[0] + amounts[1] + amounts[2], macs: macs,
        macUtilization: Double(macs) / Double(cycles * 1024), energy: parts.reduce(.zero, +),
        energyByComponent: parts,
        dramReadBytes: readBytes, dramWriteBytes: readBytes / 4, cyclesByCause: causes))
    addInstructions(layer: index, cycles: cycles, bytes: readBytes)
    cycle += cycles
  }

  private mutating func addInstructions(layer: Int, cycles: Int, bytes: Int) {
    let memory = AccessPattern(memory: 0, address: 0)
    program.transfers.append(Transfer(address: 0, runBytes: bytes, memory: 0, scratchpadAddress: 0))
    program.arrayTiles.append(
      ArrayTile(
        dataflow: .weightStationary, m: 56, k: 64, n: 64, macs: 56 * 64 * 64, accumulates: false,
        activations: memory,
        weights: memory, output: memory))
    program.vectorTiles.append(
      VectorTile(elements: 3584, classes: [.multiply, .simple], firstOperand: memory, result: memory))
    let shares: [(Instruction.Kind, Double, Double)] = [
      (.load, 0, 0.4), (.load, 0.2, 0.6), (.array, 0.4, 0.9), (.vector, 0.8, 0.95), (.store, 0.9, 1),
    ]
    for (kind, start, end) in shares {
      let instruction = program.append(kind, payload: layer, layer: layer, after: [])
      timeline.append(
        InstructionTiming(start: cycle + Int(start * Double(cycles)), end: cycle + Int(end * Double(cycles))))
      guard kind == .array || kind == .store else { continue }
      let level = kind == .array ? 300 + 9 * (layer * 5 % 21) : 120 + 11 * (layer % 5)
      program.occupancy.append(.init(instruction: instruction, memory: 0, bytes: level << 10))
      program.occupancy.append(.init(instruction: instruction, memory: 1, bytes: (level * 3 / 4) << 10))
    }
  }

  /// Each layer has to read three quarters of what it reads, and to write what it writes.
  var demand: ProgramDemand {
    var demand = ProgramDemand(layers: [], run: Demand())
    for layer in layers {
      var own = Demand()
      own.macs = layer.macs
      own.readBytes = layer.dramReadBytes / 2
      own.spilledReadBytes = layer.dramReadBytes / 4
      own.writeBytes = layer.dramWriteBytes
      demand.layers.append(own)
      demand.run.macs += own.macs
      demand.run.readBytes += own.readBytes
      demand.run.spilledReadBytes += own.spilledReadBytes
      demand.run.writeBytes += own.writeBytes
    }
    return demand
  }

  /// The run: everything is the sum of its layers, and power is spread over windows of 16 384 cycles.
  var result: SimulationResult {
    let components = Component.allCases
    let byComponent = components.indices.map { index in
      layers.reduce(Joules.zero) { $0 + $1.energyByComponent[index] }
    }
    let energy = byComponent.reduce(.zero, +)
    let macs = layers.reduce(0) { $0 + $1.macs }
    var counts = ActionCounts()
    counts.macs = macs
    counts.memoryReadBytes = layers.reduce(0) { $0 + $1.dramReadBytes }
    counts.memoryWriteBytes = layers.reduce(0) { $0 + $1.dramWriteBytes }
    return SimulationResult(
      clock: model.clock, cycles: cycle, energy: energy,
      energyByComponent: zip(components, byComponent).filter { $1 > .zero }.map {
        ComponentEnergy(component: $0, energy: $1)
      },
      arrayCyclesByCause: CycleCause.allCases.enumerated().map { index, cause in
        CauseCycles(cause: cause, cycles: layers.reduce(0) { $0 + $1.cyclesByCause[index].cycles })
      },
      layers: layers, power: power, counts: counts, timeline: timeline,
      macUtilization: Double(macs) / Double(max(1, cycle) * 1024))
  }

  private var power: PowerTrace {
    let windowCycles = 16_384
    var trace = PowerTrace(
      windowCycles: windowCycles, window: Seconds(Double(windowCycles) / model.clock.value), watts: [],
      wattsByComponent: [], memoryBytes: [])
    for start in stride(from: 0, to: cycle, by: windowCycles) {
      let end = min(start + windowCycles, cycle)
      var joules = Component.allCases.map { _ in Joules.zero }
      var bytes = 0.0
      for layer in layers {
        let overlap = max(0, min(end, layer.endCycle) - max(start, layer.startCycle))
        let share = Double(overlap) / Double(layer.endCycle - layer.startCycle)
        for index in joules.indices { joules[index] += layer.energyByComponent[index] * share }
        bytes += Double(layer.dramBytes) * share
      }
      let seconds = Double(end - start) / model.clock.value
      trace.wattsByComponent.append(joules.map { Watts($0.value / seconds) })
      trace.watts.append(Watts(joules.reduce(Joules.zero, +).value / seconds))
      trace.memoryBytes.append(Int(bytes))
    }
    return trace
  }
}
