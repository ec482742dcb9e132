import Hardware
import Measures

extension Sweep {
  /// Grids of more points are shown by their fronts and failures only.
  private static let shownPoints = 60

  /// The points as a table, those of a front marked.
  package func terminalText(in style: TerminalStyle) -> String {
    let front = front
    let isShort = points.count > Self.shownPoints
    var table = TextTable(
      (networks.count > 1 ? [.init("network", isFlexible: true)] : [])
        + shortKeys.map { .init($0, .right, isFlexible: true) }
        + [
          .init("latency", .right), .init("energy", .right), .init("avg power", .right),
          .init("peak power", .right), .init("MAC util", .right), .init("front"),
        ])
    var failures: [String] = []
    var shown = 0
    for (index, point) in points.enumerated() {
      let start = (networks.count > 1 ? [point.network] : []) + point.values
      switch point.outcome {
      case .figures(let figures):
        guard !isShort || front.contains(index) else { continue }
        shown += 1
        table.rows.append(
          start + [
            "\(figures.latency)", "\(figures.energy)", "\(figures.averagePower)", "\(figures.peakPower)",
            percent(figures.macUtilization), front.contains(index) ? "*" : "",
          ])
      case .failed(_, let finding):
        table.rows.append(start + ["failed"])
        failures.append("\(title(of: point)): \(finding)")
      case nil: continue
      }
    }
    var lines = [style.heading(style.printable(heading))] + table.lines(in: style) + [""]
    if isShort { lines.append("\(shown) of \(points.count) points are shown: those on the fronts") }
    lines.append("* nothing else is both faster and leaner")
    for failure in failures { lines.append(style.printable("failed: \(failure)")) }
    lines.append(style.faint(style.printable("hardware model: \(provenance.calibration)")))
    return lines.joined(separator: "\n") + "\n"
  }

  /// "resnet18 on 9 variants of edge".
  var heading: String {
    let variants = points.count / max(1, networks.count)
    let what = networks.count == 1 ? networks[0] : "\(networks.count) networks"
    return "\(what) on \(variants) variant\(variants == 1 ? "" : "s") of \(hardware)"
  }

  /// "resnet18, array.rows=8".
  func title(of point: Point) -> String {
    ([point.network] + zip(keys, point.values).map { "\($0)=\($1)" }).joined(separator: ", ")
  }
}
