import Measures
import Training

extension EngineReport {
  /// Totals, and a table of the kernels with the longest first.
  package func terminalText(in style: TerminalStyle) -> String {
    var lines = [style.heading(style.printable(title)), ""]
    var totals = TextTable([.init(""), .init("")])
    totals.add("run", "\(Seconds(fastest)) fastest, \(Seconds(median)) median of \(times.wall.count)")
    totals.add("processor", "\(Seconds(fastestProcessor)) on \(threads) threads")
    totals.add("arithmetic", arithmetic)
    totals.add("memory", "\(Bytes(arenaBytes)) for weights, activations and work space")
    totals.add("compiling", "\(Seconds(compileSeconds)), once more \(Seconds(recompileSeconds))")
    lines += totals.lines(in: style)
    lines.append("")
    var table = TextTable([
      .init("kernel"), .init("steps", .right), .init("time", .right), .init("share", .right),
      .init("arithmetic", .right), .init("traffic", .right), .init(""),
    ])
    for kernel in profile.kernels {
      let share = profile.seconds > 0 ? kernel.seconds / profile.seconds : 0
      table.add(
        kernel.label, "\(kernel.steps)", "\(Seconds(kernel.seconds))", percent(share),
        kernel.operations > 0 ? engineering(Double(kernel.operations) / kernel.seconds, unit: "FLOP/s") : "",
        engineering(Double(kernel.bytes) / kernel.seconds, unit: "B/s"), style.bar(share, length: 20))
    }
    lines += table.lines(in: style)
    return lines.joined(separator: "\n") + "\n"
  }

  private var arithmetic: String {
    let amount = engineering(Double(operations), unit: "FLOP")
    guard operations > 0 else { return amount }
    var text = "\(amount), \(engineering(rate, unit: "FLOP/s"))"
    if let limits {
      let peak = engineering(limits.productRate, unit: "FLOP/s")
      text += ", \(percent(rate / limits.productRate)) of large matrix products (\(peak))"
    }
    return text
  }
}
