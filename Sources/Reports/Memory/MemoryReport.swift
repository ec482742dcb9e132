package import Formats
package import Hardware
import Measures
package import Simulator

/// What a memory does under load, for people, scripts and pictures.
package struct MemoryReport: Sendable {
  package var machine: String
  package var system: DRAMSystem
  /// One curve for each pattern of addresses.
  package var curves: [DRAMLoadCurve]
  package var provenance: Provenance

  package init(machine: String, system: DRAMSystem, curves: [DRAMLoadCurve], provenance: Provenance) {
    self.machine = machine
    self.system = system
    self.curves = curves
    self.provenance = provenance
  }

  private func nanoseconds(_ cycles: Double) -> Double { cycles * 1e9 / system.standard.clock.value }
  private func nanoseconds(_ cycles: Int) -> Double { nanoseconds(Double(cycles)) }

  /// The curves as one table, a line for each load.
  package func terminalText(in style: TerminalStyle) -> String {
    let standard = system.standard
    var lines = [
      style.heading("\(system.channels) × \(standard.name) of \(machine), \(system.peakBandwidth) peak")
    ]
    var table = TextTable([.init("load", .right)])
    for curve in curves {
      let name = curve.traffic.pattern.rawValue
      table.columns += [.init(name, .right), .init("mean", .right), .init("95 %", .right)]
    }
    for (row, load) in DRAMLoadCurve.loads.enumerated() {
      var cells = [percent(load)]
      for curve in curves where row < curve.points.count {
        let point = curve.points[row]
        cells += [
          percent(point.delivered), "\(shortest(nanoseconds(point.mean), digits: 4)) ns",
          "\(shortest(nanoseconds(point.slow), digits: 4)) ns",
        ]
      }
      table.rows.append(cells)
    }
    lines += table.lines(in: style) + [""]
    for curve in curves {
      lines.append(
        "\(curve.traffic.pattern.rawValue): saturates at \(percent(curve.saturation)) of the peak; "
          + "\(shortest(nanoseconds(curve.idle), digits: 4)) ns when idle")
    }
    lines.append("load: share of what saturates; next to it the share of the peak that was served")
    return lines.map { style.printable($0) + "\n" }.joined()
  }

  /// The curves as JSON; numbers are in the unit that ends their key, shares are of the peak.
  package var json: JSONValue {
    [
      "schema": .integer(RunReport.schema), "version": .string(provenance.version),
      "command": .string(provenance.commandLine), "hardware": .string(machine),
      "dram": .string(system.standard.name), "channels": .integer(system.channels),
      "address_map": .string(system.addressMap.rawValue),
      "peak_bytes_per_second": .number(system.peakBandwidth.value),
      "curves": .array(curves.map(curveJSON)),
    ]
  }

  private func curveJSON(_ curve: DRAMLoadCurve) -> JSONValue {
    [
      "pattern": .string(curve.traffic.pattern.rawValue), "write_share": .number(curve.traffic.writeShare),
      "accesses": .integer(curve.traffic.accesses), "saturation_share": .number(curve.saturation),
      "idle_nanoseconds": .number(nanoseconds(curve.idle)),
      "points": .array(
        curve.points.map { point in
          [
            "offered_share": .number(point.offered), "delivered_share": .number(point.delivered),
            "mean_nanoseconds": .number(nanoseconds(point.mean)),
            "p95_nanoseconds": .number(nanoseconds(point.slow)),
            "worst_nanoseconds": .number(nanoseconds(point.worst)),
          ]
        }),
    ]
  }

  /// The curves as a picture that stands alone.
  package var svg: String {
    LoadedLatency(
      title: "\(system.channels) × \(system.standard.name)", peak: system.peakBandwidth,
      lines: curves.map { curve in
        LoadedLatency.Line(
          name: curve.traffic.pattern.rawValue, saturation: curve.saturation,
          points: curve.points.map { .init(share: $0.delivered, nanoseconds: nanoseconds($0.mean)) })
      }
    ).drawing(width: 720).standalone(style: LoadedLatency.style)
  }
}
