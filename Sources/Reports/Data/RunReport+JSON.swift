package import Formats
import Hardware
import Measures
import Simulator

extension RunReport {
  /// Version of the layout of ``json``: raised when a key changes its meaning or goes.
  package static let schema = 1

  /// The whole report as JSON; numbers are in the unit that ends their key.
  package var json: JSONValue {
    [
      "schema": .integer(Self.schema),
      "version": .string(provenance.version),
      "command": .string(provenance.commandLine),
      "calibration": .string(provenance.calibration),
      "notes": .array(provenance.notes.map { .string($0) }),
      "network": [
        "name": .string(network.name), "sha256": .string(network.sha256), "macs": .integer(network.macs),
        "parameters": .integer(network.parameters), "format": .string(program.format.rawValue),
      ],
      "hardware": [
        "name": .string(hardware.name), "sha256": .string(hardware.sha256),
        "clock_hertz": .number(result.clock.value),
      ],
      "totals": totalsJSON,
      "energy_by_component": .object(
        result.energyByComponent.map { .init($0.component.rawValue, .number($0.energy.value)) }),
      "array_cycles_by_cause": causesJSON(result.arrayCyclesByCause),
      "layers": .array(result.layers.map(layerJSON)),
      "power_trace": [
        "window_seconds": .number(result.power.window.value),
        "watts": .array(result.power.watts.map { .number($0.value) }),
      ],
    ]
  }

  private var totalsJSON: JSONValue {
    [
      "cycles": .integer(result.cycles),
      "latency_seconds": .number(result.latency.value),
      "energy_joules": .number(result.energy.value),
      "average_power_watts": .number(result.averagePower.value),
      "peak_power_watts": .number(result.peakPower.value),
      "mac_utilization": .number(result.macUtilization),
      "dram_read_bytes": .integer(memoryReadBytes),
      "dram_write_bytes": .integer(memoryWriteBytes),
      "sram_peak_bytes": .integer(program.scratchpadPeakBytes),
    ]
  }

  private func layerJSON(_ layer: LayerResult) -> JSONValue {
    [
      "name": .string(layer.name),
      "operator": .string(layer.operatorName),
      "start_cycle": .integer(layer.startCycle),
      "end_cycle": .integer(layer.endCycle),
      "compute_cycles": .integer(layer.computeCycles),
      "macs": .integer(layer.macs),
      "mac_utilization": .number(layer.macUtilization),
      "energy_joules": .number(layer.energy.value),
      "dram_bytes": .integer(layer.dramBytes),
      "dram_read_bytes": .integer(layer.dramReadBytes),
      "dram_write_bytes": .integer(layer.dramWriteBytes),
      "cycles_by_cause": causesJSON(layer.cyclesByCause),
      "mapping": .string(layer.mapping),
    ]
  }

  private func causesJSON(_ causes: [CauseCycles]) -> JSONValue {
    .object(causes.map { .init($0.cause.rawValue, .integer($0.cycles)) })
  }
}
