package import Formats
import Hardware
package import Measures
package import Simulator

/// The totals of a run without its layers and instructions: what stays of each run when many are compared.
package struct RunSummary: Hashable, Sendable {
  package var network: NetworkIdentity
  package var hardwareName: String
  package var hardwareSHA256: String
  package var cycles: Int
  package var latency: Seconds
  package var energy: Joules
  package var averagePower: Watts
  package var peakPower: Watts
  package var macUtilization: Double
  package var memoryReadBytes: Int
  package var memoryWriteBytes: Int
  package var scratchpadPeakBytes: Int
  package var causes: [CauseCycles]
  package var components: [ComponentEnergy]
  package var format: String
  package var notes: [String]

  /// "resnet18 on edge".
  package var title: String { "\(network.name) on \(hardwareName)" }

  /// The cause that took most of the cycles besides computing.
  package var mainLoss: CycleCause? { causes.filter { $0.cause != .compute }.bySize.first?.cause }
}

extension RunReport {
  /// The totals of this run.
  package var summary: RunSummary {
    RunSummary(
      network: network, hardwareName: hardware.name, hardwareSHA256: hardware.sha256, cycles: result.cycles,
      latency: result.latency, energy: result.energy, averagePower: result.averagePower,
      peakPower: result.peakPower,
      macUtilization: result.macUtilization, memoryReadBytes: memoryReadBytes,
      memoryWriteBytes: memoryWriteBytes,
      scratchpadPeakBytes: program.scratchpadPeakBytes, causes: result.arrayCyclesByCause,
      components: result.energyByComponent, format: program.format.rawValue, notes: provenance.notes)
  }
}

extension RunSummary {
  /// The totals as they stand in every JSON output.
  package var totalsJSON: JSONValue {
    [
      "cycles": .integer(cycles),
      "latency_seconds": .number(latency.value),
      "energy_joules": .number(energy.value),
      "average_power_watts": .number(averagePower.value),
      "peak_power_watts": .number(peakPower.value),
      "mac_utilization": .number(macUtilization),
      "dram_read_bytes": .integer(memoryReadBytes),
      "dram_write_bytes": .integer(memoryWriteBytes),
      "sram_peak_bytes": .integer(scratchpadPeakBytes),
    ]
  }

  package var networkJSON: JSONValue {
    [
      "name": .string(network.name), "sha256": .string(network.sha256), "macs": .integer(network.macs),
      "parameters": .integer(network.parameters), "format": .string(format),
    ]
  }

  package var componentsJSON: JSONValue {
    .object(components.map { .init($0.component.rawValue, .number($0.energy.value)) })
  }
}

extension [CauseCycles] {
  /// Cycles by cause, all causes in declaration order.
  package var json: JSONValue { .object(map { .init($0.cause.rawValue, .integer($0.cycles)) }) }
}
