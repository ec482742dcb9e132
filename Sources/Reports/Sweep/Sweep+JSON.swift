package import Formats
import Hardware
import Measures

extension Sweep {
  /// All points as JSON, in the order of the grid.
  package var json: JSONValue {
    let front = front
    return [
      "schema": .integer(RunReport.schema),
      "version": .string(provenance.version),
      "command": .string(provenance.commandLine),
      "calibration": .string(provenance.calibration),
      "hardware": .string(hardware),
      "points": .array(points.enumerated().map { json(of: $1, isOnFront: front.contains($0)) }),
    ]
  }

  private func json(of point: Point, isOnFront: Bool) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("network", .string(point.network)),
      .init("settings", .object(zip(keys, point.values).map { .init($0, .string($1)) })),
    ]
    switch point.outcome {
    case .figures(let figures):
      members += [
        .init("on_front", .bool(isOnFront)),
        .init("latency_seconds", .number(figures.latency.value)),
        .init("energy_joules", .number(figures.energy.value)),
        .init("average_power_watts", .number(figures.averagePower.value)),
        .init("peak_power_watts", .number(figures.peakPower.value)),
        .init("mac_utilization", .number(figures.macUtilization)),
        .init("cycles", .integer(figures.cycles)),
        .init("macs", .integer(figures.macs)),
        .init("dram_read_bytes", .integer(figures.memoryReadBytes)),
        .init("dram_write_bytes", .integer(figures.memoryWriteBytes)),
        .init("sram_peak_bytes", .integer(figures.scratchpadPeakBytes)),
        .init("format", .string(figures.format)),
      ]
    case .failed(let status, let finding):
      members += [.init("status", .integer(Int(status))), .init("error", .string(finding))]
    case nil: break
    }
    return .object(members)
  }
}
