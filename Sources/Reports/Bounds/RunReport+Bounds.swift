import Formats
import Hardware
package import Measures
package import Simulator

extension RunReport {
  /// The bounds of each layer, in the order of the program; nil where the demand of the network is not known.
  package var layerBounds: [TimeBounds]? {
    guard let demand, demand.layers.count == result.layers.count else { return nil }
    let peaks = MachinePeaks(hardware.model, format: program.format)
    return zip(demand.layers, result.layers).map { demand, layer in
      peaks.bounds(of: demand, vectorMACs: layer.arrayUse == nil ? demand.macs : 0)
    }
  }

  /// The bounds of the whole run.
  package var runBounds: TimeBounds? {
    guard let demand, demand.layers.count == result.layers.count else { return nil }
    let vector = zip(demand.layers, result.layers).reduce(0) { sum, pair in
      pair.1.arrayUse == nil ? sum + pair.0.macs : sum
    }
    return MachinePeaks(hardware.model, format: program.format).bounds(of: demand.run, vectorMACs: vector)
  }

  /// The bounds of all layers and of the run as text for a terminal.
  package func boundsText(in style: TerminalStyle) -> String {
    guard let layerBounds, let runBounds else { return "" }
    var table = TextTable([
      .init("layer", isFlexible: true, keepsEnd: true), .init("compute", .right), .init("bandwidth", .right),
      .init("capacity", .right), .init("simulated", .right), .init("ratio", .right), .init("bound by"),
    ])
    for (layer, bounds) in zip(result.layers, layerBounds) {
      table.rows.append(cells(layer.name, bounds, layer.time(against: bounds, at: result.clock)))
    }
    table.rows.append(cells("whole run", runBounds, result.latency))
    let guide = """
      Least times: MACs at the array's peak; weights, inputs and outputs once at the peak of main memory; the same \
      with what does not fit on the chip. Where computing binds a layer, its simulated time is its share of the \
      array's cycles; else it runs from its first instruction to its last, while other layers run too.
      """
    let lines =
      ["", style.heading("Bounds")] + table.lines(in: style) + [""] + style.paragraph(guide)
    return lines.joined(separator: "\n") + "\n"
  }

  private func cells(_ name: String, _ bounds: TimeBounds, _ time: Seconds) -> [String] {
    let ratio = bounds.ratio(of: time).map { "×\(shortest($0, digits: 3))" } ?? ""
    return [
      name, "\(bounds.compute)", "\(bounds.bandwidth)", "\(bounds.capacity)", "\(time)", ratio,
      ratio.isEmpty ? "nothing" : bounds.binding.rawValue,
    ]
  }

  /// The bounds as they stand in the JSON report; null where they are not known.
  func boundsJSON(_ bounds: TimeBounds?, _ demand: Demand?, time: Seconds) -> JSONValue {
    guard let bounds, let demand else { return .null }
    return [
      "compute_seconds": .number(bounds.compute.value),
      "bandwidth_seconds": .number(bounds.bandwidth.value),
      "capacity_seconds": .number(bounds.capacity.value),
      "binding": .string(bounds.binding.rawValue),
      "simulated_seconds": .number(time.value),
      "ratio": bounds.ratio(of: time).map { .number($0) } ?? .null,
      "unavoidable_bytes": .integer(demand.unavoidableBytes),
      "least_bytes": .integer(demand.leastBytes),
    ]
  }
}

extension LayerResult {
  /// The time that the largest of the bounds limits from below.
  ///
  /// Each cycle of the array belongs to one layer, so that a layer's share is never shorter than its work. Its transfers
  /// run beside other layers: they have the time from its first instruction to its last.
  package func time(against bounds: TimeBounds, at clock: Hertz) -> Seconds {
    bounds.binding == .compute && arrayUse != nil
      ? duration(at: clock) : Seconds(Double(endCycle - startCycle) / clock.value)
  }
}
