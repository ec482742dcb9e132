package import Hardware
package import Simulator

/// What one of several cores did in a run.
package struct CoreRun: Sendable {
  package var program: Program
  package var result: SimulationResult

  package init(program: Program, result: SimulationResult) {
    self.program = program
    self.result = result
  }

  /// The cycle in which the core's last instruction completed.
  package var lastCycle: Int { result.timeline.reduce(0) { max($0, $1.end) } }

  func cycles(of cause: CycleCause) -> Int {
    result.arrayCyclesByCause.first { $0.cause == cause }?.cycles ?? 0
  }
}

/// One of several networks that ran at once, and how long it takes without the others.
package struct Tenant: Hashable, Sendable {
  package var network: NetworkIdentity
  package var core: Int
  /// Cycles from the start of the run to the network's last instruction, alone on the machine and with the others.
  package var aloneCycles: Int
  package var togetherCycles: Int

  package init(network: NetworkIdentity, core: Int, aloneCycles: Int, togetherCycles: Int) {
    self.network = network
    self.core = core
    self.aloneCycles = aloneCycles
    self.togetherCycles = togetherCycles
  }

  /// How many times as long it takes with the others.
  package var slowdown: Double {
    aloneCycles == 0 ? 1 : Double(togetherCycles) / Double(aloneCycles)
  }
}

extension RunReport {
  /// The report of a run on several cores.
  package init(
    network: NetworkIdentity, hardware: HardwareIdentity, schedule: CoreSchedule, result: ScheduleResult,
    tenants: [Tenant] = [], provenance: Provenance
  ) {
    let first = schedule.programs.first ?? .idle(format: .int8)
    var merged = Program(name: network.name, format: first.format)
    let idle = Array(
      repeating: Program.idle(format: first.format), count: result.cores.count - schedule.programs.count)
    let programs = schedule.programs + idle
    merged.layers = Self.mergedLayers(programs.map(\.layers))
    merged.scratchpadPeakBytes = programs.reduce(0) { $0 + $1.scratchpadPeakBytes }
    self.init(
      network: network, hardware: hardware, program: merged, result: result.total, provenance: provenance)
    self.tenants = tenants
    cores = zip(programs, result.cores).map { CoreRun(program: $0, result: $1) }
  }

  /// The layers of all cores as the simulator merges their results.
  private static func mergedLayers(_ cores: [[Program.Layer]]) -> [Program.Layer] {
    var merged = cores.first ?? []
    for layers in cores.dropFirst() {
      if layers.map(\.name) != merged.suffix(layers.count).map(\.name) {
        merged += layers
        continue
      }
      let first = merged.count - layers.count
      for index in layers.indices {
        merged[first + index].macs += layers[index].macs
        merged[first + index].storedWeights = max(
          merged[first + index].storedWeights, layers[index].storedWeights)
        merged[first + index].metadataBits = max(
          merged[first + index].metadataBits, layers[index].metadataBits)
      }
    }
    return merged
  }
}
