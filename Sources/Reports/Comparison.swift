package import Formats
import Measures
import Simulator

/// Several runs side by side: networks on one machine, one network on several machines, or each on each.
package struct Comparison: Sendable {
  package var runs: [RunSummary]
  package var provenance: Provenance

  package init(runs: [RunSummary], provenance: Provenance) {
    self.runs = runs
    self.provenance = provenance
  }

  /// A row of a run: what the comparison shows in each row.
  private struct Row: Sendable {
    var title: String
    var text: @Sendable (RunSummary) -> String
    /// The number whose ratio to the first run is shown; nil for words.
    var number: (@Sendable (RunSummary) -> Double)?
  }

  private static let rows: [Row] = [
    Row(title: "latency", text: { "\($0.latency)" }, number: { $0.latency.value }),
    Row(title: "energy", text: { "\($0.energy)" }, number: { $0.energy.value }),
    Row(title: "avg power", text: { "\($0.averagePower)" }, number: { $0.averagePower.value }),
    Row(title: "peak power", text: { "\($0.peakPower)" }, number: { $0.peakPower.value }),
    Row(title: "MAC util", text: { percent($0.macUtilization) }),
    Row(
      title: "DRAM", text: { "\(Bytes($0.memoryReadBytes + $0.memoryWriteBytes))" },
      number: { Double($0.memoryReadBytes + $0.memoryWriteBytes) }),
    Row(title: "SRAM peak", text: { "\(Bytes($0.scratchpadPeakBytes))" }),
    Row(title: "main loss", text: { $0.mainLoss?.title ?? "none" }),
  ]

  /// A table with a column for each run and ratios to the first one, or a row for each when there are many.
  package func terminalText(in style: TerminalStyle) -> String {
    let table = runs.count <= 3 ? columnPerRun : rowPerRun
    var lines = [style.heading(style.printable(heading))] + table.lines(in: style)
    if runs.contains(where: { !$0.notes.isEmpty }) { lines.append("") }
    for note in sharedNotes { lines.append(style.printable(note)) }
    lines.append(style.faint(style.printable("hardware models: \(provenance.calibration)")))
    return lines.joined(separator: "\n") + "\n"
  }

  private var isOneNetwork: Bool { Set(runs.map(\.network.name)).count == 1 }
  private var isOneMachine: Bool { Set(runs.map(\.hardwareName)).count == 1 }

  private var heading: String {
    guard let first = runs.first else { return "No runs" }
    if isOneMachine { return "\(runs.count) runs on \(first.hardwareName)" }
    return isOneNetwork
      ? "\(first.network.name) on \(runs.count) machines" : "Comparison of \(runs.count) runs"
  }

  /// Each note once, in order of first appearance, with the runs that it holds for unless it holds for all.
  private var sharedNotes: [String] {
    var notes: [String] = []
    for note in runs.flatMap(\.notes) where !notes.contains(note) { notes.append(note) }
    return notes.map { note in
      let holding = runs.filter { $0.notes.contains(note) }
      return holding.count == runs.count ? "note: \(note)" : "note: \(place(of: holding)): \(note)"
    }
  }

  /// The runs a note holds for, by machine or by network where it holds for all runs of some.
  private func place(of some: [RunSummary]) -> String {
    if some.count == 1 { return some[0].title }
    for (word, key) in [("on ", \RunSummary.hardwareName), ("", \RunSummary.network.name)] {
      var names: [String] = []
      for run in some where !names.contains(run[keyPath: key]) { names.append(run[keyPath: key]) }
      if runs.filter({ names.contains($0[keyPath: key]) }).count == some.count {
        return word + names.joined(separator: ", ")
      }
    }
    return some.map(\.title).joined(separator: ", ")
  }

  private var columnPerRun: TextTable {
    var table = TextTable([.init("")])
    for (index, run) in runs.enumerated() {
      let title = isOneMachine ? run.network.name : isOneNetwork ? run.hardwareName : run.title
      table.columns.append(.init(title, .right, isFlexible: true))
      if index > 0 { table.columns.append(.init("", .right)) }
    }
    for row in Self.rows {
      var cells = [row.title]
      for (index, run) in runs.enumerated() {
        cells.append(row.text(run))
        if index > 0 { cells.append(ratio(of: run, row)) }
      }
      table.rows.append(cells)
    }
    return table
  }

  private func ratio(of run: RunSummary, _ row: Row) -> String {
    guard let number = row.number, let first = runs.first, number(first) > 0 else { return "" }
    return "×\(shortest(number(run) / number(first), digits: 3))"
  }

  private var rowPerRun: TextTable {
    let shown = Self.rows.filter { $0.title != "SRAM peak" }
    var table = TextTable(
      [.init("network", isFlexible: true), .init("machine", isFlexible: true)]
        + shown.map { .init($0.title, $0.title == "main loss" ? .left : .right) })
    for run in runs { table.rows.append([run.network.name, run.hardwareName] + shown.map { $0.text(run) }) }
    return table
  }

  /// The runs as JSON: totals, energies and causes of each; `simulate --json` has the layers.
  package var json: JSONValue {
    [
      "schema": .integer(RunReport.schema),
      "version": .string(provenance.version),
      "command": .string(provenance.commandLine),
      "calibration": .string(provenance.calibration),
      "runs": .array(
        runs.map { run in
          [
            "network": run.networkJSON,
            "hardware": ["name": .string(run.hardwareName), "sha256": .string(run.hardwareSHA256)],
            "notes": .array(run.notes.map { .string($0) }),
            "totals": run.totalsJSON,
            "energy_by_component": run.componentsJSON,
            "array_cycles_by_cause": run.causes.json,
          ]
        }),
    ]
  }

  /// The runs as comma-separated values (RFC 4180), one line each below a header line.
  package var csv: String {
    var output =
      "network,hardware,macs,parameters,format,cycles,latency_seconds,energy_joules,average_power_watts,"
    output += "peak_power_watts,mac_utilization,dram_read_bytes,dram_write_bytes,sram_peak_bytes"
    output += CycleCause.allCases.map { ",cycles_\($0.rawValue)" }.joined() + "\n"
    for run in runs {
      let fields = [
        quotedForCSV(run.network.name), quotedForCSV(run.hardwareName), "\(run.network.macs)",
        "\(run.network.parameters)", run.format, "\(run.cycles)", "\(run.latency.value)",
        "\(run.energy.value)",
        "\(run.averagePower.value)", "\(run.peakPower.value)", "\(run.macUtilization)",
        "\(run.memoryReadBytes)",
        "\(run.memoryWriteBytes)", "\(run.scratchpadPeakBytes)",
      ]
      let causes = CycleCause.allCases.map { cause in "\(run.causes.first { $0.cause == cause }?.cycles ?? 0)"
      }
      output += (fields + causes).joined(separator: ",") + "\n"
    }
    return output
  }
}
