import Hardware
import Measures
import Simulator

/// One number of a run with its name and unit, ready to be shown.
package struct TotalFigure: Hashable, Sendable {
  /// The key of ``Glossary``, and of the JSON output.
  package var key: String
  package var title: String
  package var text: String
}

extension RunReport {
  /// The totals in the order in which people ask for them.
  package var totalFigures: [TotalFigure] {
    [
      TotalFigure(key: "latency_seconds", title: "Latency", text: "\(result.latency)"),
      TotalFigure(key: "cycles", title: "Cycles", text: "\(grouped(result.cycles)) at \(result.clock)"),
      TotalFigure(key: "energy_joules", title: "Energy", text: "\(result.energy)"),
      TotalFigure(key: "average_power_watts", title: "Average power", text: "\(result.averagePower)"),
      TotalFigure(key: "peak_power_watts", title: "Peak power", text: "\(result.peakPower)"),
      TotalFigure(key: "mac_utilization", title: "MAC utilisation", text: percent(result.macUtilization)),
      TotalFigure(key: "macs", title: "MACs", text: engineering(Double(network.macs), unit: "MAC")),
      TotalFigure(
        key: "parameters", title: "Parameters",
        text: network.parameters == 0 ? "none" : shortCount(network.parameters)),
      TotalFigure(key: "dram_read_bytes", title: "DRAM read", text: "\(Bytes(memoryReadBytes))"),
      TotalFigure(key: "dram_write_bytes", title: "DRAM written", text: "\(Bytes(memoryWriteBytes))"),
      TotalFigure(key: "sram_peak_bytes", title: "SRAM peak", text: "\(Bytes(program.scratchpadPeakBytes))"),
      TotalFigure(key: "window_seconds", title: "Power window", text: "\(result.power.window)"),
    ] + cacheFigures
  }

  /// The share of requests that each cache answered, of machines that have any.
  private var cacheFigures: [TotalFigure] {
    guard !result.counts.caches.isEmpty else { return [] }
    let shares = zip(hardware.model.caches, result.counts.caches).map { cache, counts in
      "\(cache.name) \(percent(counts.hits, of: counts.hits + counts.misses))"
    }
    return [TotalFigure(key: "caches", title: "Cache hits", text: shares.joined(separator: ", "))]
  }

  private func shortCount(_ count: Int) -> String {
    count < 1000 ? "\(count)" : engineering(Double(count), unit: "").trimmingUnitSpace
  }
}

extension String {
  /// "11.69 M" as "11.69 M", and "500 " as "500".
  fileprivate var trimmingUnitSpace: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
