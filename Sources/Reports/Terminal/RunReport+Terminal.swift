import Hardware
import Measures
import Simulator

extension RunReport {
  /// How many layers the terminal shows; the other outputs have them all.
  package static let shownLayers = 8

  /// The report for a terminal: totals, the layers that cost most, where time and energy went.
  package func terminalText(in style: TerminalStyle) -> String {
    var lines: [String] = []
    lines.append(style.heading(style.printable(title)))
    lines.append(style.faint(style.printable(hardware.model.headline)))
    lines += section("Totals", totals(in: style), style)
    if !tenants.isEmpty { lines += section("Networks at once", tenantTable.lines(in: style), style) }
    if !cores.isEmpty { lines += section("Cores", coreTable.lines(in: style), style) }
    lines += section(layersTitle, costliestTable.lines(in: style) + hiddenGuide(in: style), style)
    lines += section("Where the array's cycles went", causeTable(in: style).lines(in: style), style)
    lines += section("Energy by component", energyLines(in: style), style)
    if !advice.isEmpty {
      lines += section("What would help", advice.flatMap { style.paragraph($0.sentence) }, style)
    }
    lines.append("")
    for note in provenance.notes { lines.append(style.printable("note: \(note)")) }
    lines.append(style.faint(style.printable("hardware model: \(provenance.calibration)")))
    return lines.joined(separator: "\n") + "\n"
  }

  private func section(_ title: String, _ content: [String], _ style: TerminalStyle) -> [String] {
    ["", style.heading(title)] + content
  }

  private var layersTitle: String {
    let count = result.layers.count
    return count > Self.shownLayers
      ? "The \(Self.shownLayers) of \(count) layers that cost most" : "Layers by cost"
  }

  /// Says why layers stand in the table without any time.
  private func hiddenGuide(in style: TerminalStyle) -> [String] {
    let hasHidden = costliestLayers.prefix(Self.shownLayers).contains { $0.totalCycles == 0 }
    return hasHidden ? [style.faint("  0 s: " + Self.hiddenSentence)] : []
  }

  /// What a layer of no cycles is.
  static let hiddenSentence = "hidden, the layer ran entirely while others kept the array"

  private func totals(in style: TerminalStyle) -> [String] {
    let cells = totalFigures.map { ($0.title, $0.text) }
    var table = TextTable([.init(""), .init("", .right), .init(""), .init("", .right)])
    let half = (cells.count + 1) / 2
    for index in 0..<half {
      let left = cells[index]
      let right = half + index < cells.count ? cells[half + index] : ("", "")
      table.add(left.0, left.1, "   " + right.0, right.1)
    }
    return table.lines(in: style)
  }

  private var costliestTable: TextTable {
    var table = TextTable([
      .init("layer", isFlexible: true, keepsEnd: true), .init("operator", isFlexible: true),
      .init("share", .right),
      .init("latency", .right), .init("MAC util", .right), .init("energy", .right), .init("DRAM", .right),
      .init("main cause"),
    ])
    for layer in costliestLayers.prefix(Self.shownLayers) {
      table.add(
        layer.name, layer.operatorName, percent(layer.totalCycles, of: result.arrayCycles),
        "\(layer.duration(at: result.clock))", percent(layer.macUtilization), "\(layer.energy)",
        "\(Bytes(layer.dramBytes))", layer.mainCause?.title ?? "none")
    }
    return table
  }

  private func causeTable(in style: TerminalStyle) -> TextTable {
    var table = TextTable([.init(""), .init("", .right), .init("", .right), .init("")])
    let largest = Double(causesBySize.first?.cycles ?? 1)
    for entry in causesBySize {
      table.add(
        entry.cause.title, percent(entry.cycles, of: result.arrayCycles), "\(grouped(entry.cycles)) cycles",
        style.bar(Double(entry.cycles) / largest, length: barLength(style)))
    }
    return table
  }

  private func energyLines(in style: TerminalStyle) -> [String] {
    guard !result.energyByComponent.isEmpty else { return ["  the machine's file gives no energies"] }
    return energyTable(in: style).lines(in: style)
  }

  private func energyTable(in style: TerminalStyle) -> TextTable {
    var table = TextTable([.init(""), .init("", .right), .init("", .right), .init("")])
    let largest = result.energyByComponent.map(\.energy.value).max() ?? 1
    for entry in result.energyByComponent {
      table.add(
        entry.component.title, percent(result.energy.value == 0 ? 0 : entry.energy / result.energy),
        "\(entry.energy)",
        style.bar(largest == 0 ? 0 : entry.energy.value / largest, length: barLength(style)))
    }
    return table
  }

  private func barLength(_ style: TerminalStyle) -> Int { min(36, style.width - 50) }
}
