import Hardware
import Measures
import Simulator

extension RunReport {
  /// The layers as comma-separated values (RFC 4180, lines end in `\n`), one line each below a header line.
  package var layersCSV: String {
    let causes = CycleCause.allCases
    let components = Component.allCases
    var header = [
      "index", "name", "operator", "start_cycle", "end_cycle", "cycles", "latency_seconds", "compute_cycles",
      "macs",
      "mac_utilization", "energy_joules", "dram_read_bytes", "dram_write_bytes",
    ]
    header += causes.map { "cycles_\($0.rawValue)" }
    header += components.map { "energy_\($0.rawValue)_joules" }
    header += [
      "mapping_efficiency", "compute_utilization", "sram_reads_activations", "sram_reads_weights",
      "sram_reads_outputs", "sram_writes_outputs", "stored_weights", "weight_metadata_bits",
    ]
    header.append("mapping")
    var output = header.joined(separator: ",") + "\n"
    for (index, (layer, planned)) in zip(result.layers, program.layers).enumerated() {
      let figures = ArrayFigures(layer, on: hardware.model.array)
      var fields = [
        "\(index)", quotedForCSV(layer.name), quotedForCSV(layer.operatorName), "\(layer.startCycle)",
        "\(layer.endCycle)", "\(layer.totalCycles)", "\(layer.duration(at: result.clock).value)",
        "\(figures.computeCycles)", "\(layer.macs)", "\(layer.macUtilization)", "\(layer.energy.value)",
        "\(layer.dramReadBytes)", "\(layer.dramWriteBytes)",
      ]
      fields += causes.map { cause in "\(layer.cyclesByCause.first { $0.cause == cause }?.cycles ?? 0)" }
      fields += components.indices.map { position in
        "\(position < layer.energyByComponent.count ? layer.energyByComponent[position].value : 0)"
      }
      fields += [
        "\(figures.mappingEfficiency)", "\(figures.computeUtilization)", "\(figures.activationReads)",
        "\(figures.weightReads)", "\(figures.outputReads)", "\(figures.outputWrites)",
        "\(planned.storedWeights)", "\(planned.metadataBits)",
      ]
      fields.append(quotedForCSV(layer.mapping))
      output += fields.joined(separator: ",") + "\n"
    }
    return output
  }
}

/// A field in quotation marks if it holds a comma, a quotation mark or a line break.
func quotedForCSV(_ field: String) -> String {
  let needsQuotes = field.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }
  guard needsQuotes else { return field }
  var quoted = "\""
  for scalar in field.unicodeScalars {
    if scalar == "\"" { quoted += "\"" }
    quoted.unicodeScalars.append(scalar)
  }
  return quoted + "\""
}
