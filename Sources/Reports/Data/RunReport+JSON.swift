package import Formats
import Hardware
import Measures
import Simulator

extension RunReport {
  /// Version of the layout of ``json``: raised when a key changes its meaning or goes.
  package static let schema = 1

  /// The whole report as JSON; numbers are in the unit that ends their key.
  package var json: JSONValue {
    guard case .object(let members) = document, !result.counts.caches.isEmpty else { return document }
    return .object(members + [JSONValue.Member("caches", cachesJSON)])
  }

  /// What each cache did, of machines that have any.
  private var cachesJSON: JSONValue {
    .array(
      zip(hardware.model.caches, result.counts.caches).map { cache, counts in
        [
          "name": .string(cache.name), "hits": .integer(counts.hits), "misses": .integer(counts.misses),
          "write_backs": .integer(counts.writeBacks),
        ]
      })
  }

  private var document: JSONValue {
    let bounds = layerBounds ?? []
    let run: JSONValue = [
      "schema": .integer(Self.schema),
      "version": .string(provenance.version),
      "command": .string(provenance.commandLine),
      "calibration": .string(provenance.calibration),
      "notes": .array(provenance.notes.map { .string($0) }),
      "network": summary.networkJSON,
      "hardware": [
        "name": .string(hardware.name), "sha256": .string(hardware.sha256),
        "model_sha256": .string(hardware.modelSHA256),
        "overrides": .array(hardware.overrides.map { .string($0) }),
        "clock_hertz": .number(result.clock.value),
      ],
      "totals": summary.totalsJSON,
      "bounds": boundsJSON(runBounds, demand?.run, time: result.latency),
      "energy_by_component": summary.componentsJSON,
      "array_cycles_by_cause": result.arrayCyclesByCause.json,
      "layers": .array(
        zip(result.layers, program.layers).enumerated().map { index, pair in
          layerJSON(pair.0, pair.1, bounds.isEmpty ? nil : bounds[index], demand?.layers[index])
        }),
      "power_trace": [
        "window_seconds": .number(result.power.window.value),
        "watts": .array(result.power.watts.map { .number($0.value) }),
      ],
    ]
    guard !cores.isEmpty, case .object(var members) = run else { return run }
    // Where there are several cores, after what every run has.
    members.append(.init("cores", .array(cores.map(coreJSON))))
    if !tenants.isEmpty { members.append(.init("networks", .array(tenants.map(tenantJSON)))) }
    return .object(members)
  }

  private func coreJSON(_ core: CoreRun) -> JSONValue {
    [
      "last_cycle": .integer(core.lastCycle),
      "contended_cycles": .integer(core.result.contendedCycles),
      "macs": .integer(core.result.counts.macs),
      "mac_utilization": .number(core.result.macUtilization),
      "energy_joules": .number(core.result.energy.value),
      "dram_read_bytes": .integer(core.result.counts.memoryReadBytes),
      "dram_write_bytes": .integer(core.result.counts.memoryWriteBytes),
      "array_cycles_by_cause": core.result.arrayCyclesByCause.json,
    ]
  }

  private func tenantJSON(_ tenant: Tenant) -> JSONValue {
    [
      "name": .string(tenant.network.name), "sha256": .string(tenant.network.sha256),
      "core": .integer(tenant.core),
      "alone_cycles": .integer(tenant.aloneCycles), "together_cycles": .integer(tenant.togetherCycles),
      "alone_seconds": .number(seconds(tenant.aloneCycles).value),
      "together_seconds": .number(seconds(tenant.togetherCycles).value),
      "slowdown": .number(tenant.slowdown),
    ]
  }

  private func layerJSON(
    _ layer: LayerResult, _ planned: Program.Layer, _ bounds: TimeBounds?, _ demand: Demand?
  ) -> JSONValue {
    let figures = ArrayFigures(layer, on: hardware.model.array)
    return [
      "name": .string(layer.name),
      "operator": .string(layer.operatorName),
      "start_cycle": .integer(layer.startCycle),
      "end_cycle": .integer(layer.endCycle),
      "compute_cycles": .integer(figures.computeCycles),
      "macs": .integer(layer.macs),
      "mac_utilization": .number(layer.macUtilization),
      "mapping_efficiency": .number(figures.mappingEfficiency),
      "compute_utilization": .number(figures.computeUtilization),
      "sram_reads": [
        "activations": .number(figures.activationReads), "weights": .integer(figures.weightReads),
        "outputs": .integer(figures.outputReads),
      ],
      "sram_writes": ["outputs": .integer(figures.outputWrites)],
      "stored_weights": .integer(planned.storedWeights),
      "weight_metadata_bits": .integer(planned.metadataBits),
      "energy_joules": .number(layer.energy.value),
      "dram_bytes": .integer(layer.dramBytes),
      "dram_read_bytes": .integer(layer.dramReadBytes),
      "dram_write_bytes": .integer(layer.dramWriteBytes),
      "cycles_by_cause": layer.cyclesByCause.json,
      "bounds": boundsJSON(
        bounds, demand, time: bounds.map { layer.time(against: $0, at: result.clock) } ?? .zero),
      "mapping": .string(layer.mapping),
    ]
  }
}
