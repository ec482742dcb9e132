import Formats
import Hardware
import Measures
import Simulator

extension RunReport {
  /// How many layers get a bar of their own.
  static let barLayers = 60

  /// Everything the HTML report shows.
  func pageContent() -> PageContent {
    PageContent(
      title: title, headline: hardware.model.headline, verdict: verdict, notes: provenance.notes,
      tiles: tiles, tenants: .init(tenantRows), cores: .init(coreRows),
      advice: advice.map {
        .init(finding: $0.finding, remedy: $0.remedy, keys: $0.keys.joined(separator: ", "))
      },
      causes: causesBySize.map { entry in
        .init(
          swatch: "c-\(entry.cause.rawValue)", title: entry.cause.title,
          share: percent(entry.cycles, of: result.arrayCycles), sentence: entry.cause.sentence)
      },
      components: result.energyByComponent.filter { $0.energy > .zero }.map { entry in
        .init(
          swatch: "p-\(entry.component.rawValue)", title: entry.component.title,
          share: percent(entry.energy / result.energy), sentence: entry.component.sentence)
      },
      ribbon: picture(
        // Cycles of several arrays pass as many times as fast.
        RunRibbon(
          layers: result.layers, cycles: result.arrayCycles, clock: result.clock * Double(result.cores))),
      layerBars: picture(LayerBars(layers: layersWithBars, clock: result.clock)), layersGuide: layersGuide,
      roofline: picture(rooflineFigure), rooflineGuide: rooflineGuide, boundGuide: boundGuide,
      energy: picture(EnergyBars(components: result.energyByComponent, total: result.energy)),
      power: picture(PowerOverTime(power: result.power, cycles: result.cycles, clock: result.clock)),
      powerGuide:
        "Average \(result.averagePower), peak \(result.peakPower) over a window of \(result.power.window)."
        + " The line is the highest window of each stretch.",
      occupancy: occupancy.isEmpty
        ? nil : picture(OccupancyOverTime(series: occupancy, cycles: result.cycles, clock: result.clock)),
      hiddenGuide: result.layers.contains { $0.totalCycles == 0 } ? "0 s: \(Self.hiddenSentence)." : nil,
      rows: rows, facts: facts, style: PageStyle.text, script: PageScript.text)
  }

  private func picture(_ figure: some Figure) -> PageContent.Picture {
    .init(
      wide: figure.drawing(width: FigureWidth.wide).markup,
      narrow: figure.drawing(width: FigureWidth.narrow).markup)
  }

  private var tiles: [PageContent.Tile] {
    let perSecond = result.cycles == 0 ? 0 : 1 / result.latency.value
    return [
      tile("Latency", "\(result.latency)", "\(grouped(result.cycles)) cycles at \(result.clock)"),
      tile("Energy", "\(result.energy)", "\(perMAC) per MAC"),
      tile("Average power", "\(result.averagePower)", "peak \(result.peakPower)"),
      tile("Throughput", "\(shortest(perSecond, digits: 4)) runs/s", "one after the other"),
      tile(
        "MAC utilisation", percent(result.macUtilization),
        "\(engineering(Double(network.macs), unit: "MAC")) per run"),
      tile(
        "Main memory", "\(Bytes(memoryReadBytes + memoryWriteBytes))",
        "\(Bytes(memoryReadBytes)) read, \(Bytes(memoryWriteBytes)) written"),
      tile("On-chip peak", "\(Bytes(program.scratchpadPeakBytes))", "of \(onChipCapacity) SRAM"),
      tile(
        "Parameters", engineering(Double(network.parameters), unit: ""),
        "computed as \(program.format.rawValue)"),
    ]
  }

  private func tile(_ title: String, _ text: String, _ detail: String) -> PageContent.Tile {
    let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
    return .init(
      title: title, value: parts.first ?? "", unit: parts.count > 1 ? parts[1] : "", detail: detail)
  }

  private var tenantRows: [PageContent.TenantRow] {
    tenants.map { tenant in
      .init(
        name: tenant.network.name, core: tenant.core, alone: "\(seconds(tenant.aloneCycles))",
        together: "\(seconds(tenant.togetherCycles))", slowdown: "\(shortest(tenant.slowdown, digits: 4))×")
    }
  }

  private var coreRows: [PageContent.CoreRow] {
    cores.enumerated().map { index, core in
      let counts = core.result.counts
      return .init(
        index: index, done: "\(seconds(core.lastCycle))", utilization: percent(core.result.macUtilization),
        compute: percent(core.cycles(of: .compute), of: result.cycles),
        contention: percent(core.cycles(of: .contention), of: result.cycles),
        others: percent(core.cycles(of: .otherCores), of: result.cycles),
        memory: "\(Bytes(counts.memoryReadBytes + counts.memoryWriteBytes))")
    }
  }

  private var perMAC: String {
    network.macs == 0 ? "nothing" : "\(Joules(result.energy.value / Double(network.macs)))"
  }

  private var onChipCapacity: Bytes {
    Bytes(hardware.model.cores * hardware.model.scratchpads.reduce(0) { $0 + $1.capacity.count })
  }

  /// All layers in the order of the program, or the costliest of them when there are too many.
  private var layersWithBars: [LayerResult] {
    guard result.layers.count > Self.barLayers else { return result.layers }
    let least = costliestLayers[Self.barLayers - 1].totalCycles
    return Array(result.layers.filter { $0.totalCycles >= least }.prefix(Self.barLayers))
  }

  private var layersGuide: String {
    let count = result.layers.count
    return count > Self.barLayers
      ? "The \(Self.barLayers) of \(count) layers that took longest, in the order of the program; the table below has all."
      : "All \(count) layers in the order of the program."
  }

  private var rooflineFigure: Roofline {
    let marks = result.layers.filter { $0.macs > 0 && $0.totalCycles > 0 }.map { layer in
      Roofline.Mark(
        name: layer.name,
        intensity: layer.dramBytes == 0 ? .infinity : Double(layer.macs) / Double(layer.dramBytes),
        rate: Double(layer.macs) / layer.duration(at: result.clock).value,
        share: Double(layer.totalCycles) / Double(max(1, result.arrayCycles)),
        cause: layer.mainCause ?? .compute)
    }
    return Roofline(marks: marks, peakRate: peakRate, peakBandwidth: hardware.model.memory.peakBandwidth)
  }

  private var rooflineGuide: String {
    let onChip = result.layers.filter { $0.macs > 0 && $0.dramBytes == 0 }.count
    var text =
      "Each layer with MACs; its area is its share of the run, its colour the main cause of its cycles."
    let bandwidth = hardware.model.memory.peakBandwidth.value
    if rooflineFigure.marks.contains(where: { $0.rate > 1.02 * $0.intensity * bandwidth }) {
      text += " One above the roof has been loaded while another one ran."
    }
    if onChip > 0 { text += " \(onChip) of them touch no main memory and stand at the right edge." }
    return text
  }

  private var boundGuide: String? {
    guard let bounds = runBounds, let ratio = bounds.ratio(of: result.latency) else { return nil }
    return "No run can be shorter than \(bounds.largest): \(bounds.compute) to compute at the array's peak, "
      + "\(bounds.bandwidth) to move weights, inputs and outputs once, \(bounds.capacity) with what does not fit on "
      + "the chip. This run takes ×\(shortest(ratio, digits: 3)) of that."
  }

  private var rows: [PageContent.Row] {
    let bounds = layerBounds ?? []
    return result.layers.enumerated().map { index, layer in
      let seconds = layer.duration(at: result.clock)
      let ratio =
        bounds.isEmpty
        ? nil : bounds[index].ratio(of: layer.time(against: bounds[index], at: result.clock))
      return .init(
        index: index + 1, name: layer.name, operatorName: layer.operatorName,
        share: .init(text: percent(layer.totalCycles, of: result.arrayCycles), key: "\(layer.totalCycles)"),
        latency: .init(text: "\(seconds)", key: "\(seconds.value)"),
        macs: .init(
          text: layer.macs == 0 ? "–" : engineering(Double(layer.macs), unit: ""), key: "\(layer.macs)"),
        utilization: .init(text: percent(layer.macUtilization), key: "\(layer.macUtilization)"),
        bound: .init(text: ratio.map { "×\(shortest($0, digits: 3))" } ?? "–", key: "\(ratio ?? 0)"),
        energy: .init(text: "\(layer.energy)", key: "\(layer.energy.value)"),
        memory: .init(text: "\(Bytes(layer.dramBytes))", key: "\(layer.dramBytes)"),
        cause: layer.mainCause?.title ?? "none", swatch: layer.mainCause.map { "c-\($0.rawValue)" } ?? "",
        mapping: layer.mapping)
    }
  }

  private var overrideText: String {
    hardware.overrides.isEmpty ? "" : " · with " + hardware.overrides.joined(separator: ", ")
  }

  private var facts: [PageContent.Fact] {
    [
      .init(title: "Joulery", value: provenance.version),
      .init(title: "Command", value: provenance.commandLine),
      .init(title: "Network", value: "\(network.name) · SHA-256 \(network.sha256)"),
      .init(title: "Hardware", value: "\(hardware.name) · SHA-256 \(hardware.sha256)\(overrideText)"),
      .init(title: "Calibration", value: provenance.calibration),
    ]
  }
}
