import Formats
import Hardware
import Measures
import Mustache

extension Sweep {
  /// The sweep as one self-contained HTML file: a picture for each network, then a table of all points.
  ///
  /// - Throws: `MustacheTemplate.ParserError` if the built-in template does not parse, which a test rules out.
  package func html() throws -> String {
    try MustacheTemplate(string: SweepTemplate.text).render(pageContent)
  }

  /// What the template is filled with; Mustache finds the members by their names.
  private struct Content {
    var title: String
    var headline: String
    var sections: [Section]
    var columns: [Column]
    var rows: [Row]
    var facts: [PageContent.Fact]
    var style = PageStyle.text
    var script = PageScript.text

    struct Section {
      var name: String
      var guide: String
      /// nil where no point of the network has run to its end.
      var picture: PageContent.Picture?
    }
    struct Column {
      var title: String
      var isNumber: Bool
    }
    struct Cell {
      var text: String
      var key: String
      var isNumber: Bool
    }
    struct Row {
      var cells: [Cell]
    }
  }

  private var pageContent: Content {
    let front = front
    let numbers = ["Latency", "Energy", "Average power", "Peak power", "MAC util.", "DRAM"]
    return Content(
      title: heading,
      headline: "Varied: \(keys.joined(separator: ", ")). Points are named by their values, in this order.",
      sections: networks.map { section($0, front) },
      columns: [.init(title: "Network", isNumber: false)] + shortKeys.map { .init(title: $0, isNumber: true) }
        + numbers.map { .init(title: $0, isNumber: true) } + [.init(title: "Front", isNumber: false)],
      rows: points.enumerated().map { Content.Row(cells: cells($1, isOnFront: front.contains($0))) },
      facts: [
        .init(title: "Joulery", value: provenance.version),
        .init(title: "Command", value: provenance.commandLine),
        .init(title: "Hardware", value: hardware),
        .init(title: "Calibration", value: provenance.calibration),
      ])
  }

  private func section(_ network: String, _ front: Set<Int>) -> Content.Section {
    var marks: [ParetoPlot.Mark] = []
    var failures = 0
    for (index, point) in points.enumerated() where point.network == network {
      guard let figures = point.figures else {
        failures += 1
        continue
      }
      marks.append(
        .init(
          label: point.values.joined(separator: " · "), latency: figures.latency, energy: figures.energy,
          isOnFront: front.contains(index)))
    }
    let members = marks.count { $0.isOnFront }
    var guide =
      "Each point is a machine; \(members) of \(marks.count) lie on the front: nothing else is both faster and "
      + "leaner."
    if failures > 0 { guide += " \(failures) could not be simulated; the table says why." }
    guard !marks.isEmpty else { return .init(name: network, guide: guide) }
    let plot = ParetoPlot(network: network, marks: marks)
    return .init(
      name: network, guide: guide,
      picture: .init(
        wide: plot.drawing(width: FigureWidth.wide).markup,
        narrow: plot.drawing(width: FigureWidth.narrow).markup))
  }

  private func cells(_ point: Point, isOnFront: Bool) -> [Content.Cell] {
    func words(_ text: String) -> Content.Cell { .init(text: text, key: text, isNumber: false) }
    func number(_ text: String, _ value: Double) -> Content.Cell {
      .init(text: text, key: "\(value)", isNumber: true)
    }
    let settings = point.values.map { number($0, Double($0.prefix { !$0.isWhitespace }) ?? 0) }
    let start = [words(point.network)] + settings
    switch point.outcome {
    case .figures(let figures):
      let bytes = figures.memoryReadBytes + figures.memoryWriteBytes
      return start + [
        number("\(figures.latency)", figures.latency.value),
        number("\(figures.energy)", figures.energy.value),
        number("\(figures.averagePower)", figures.averagePower.value),
        number("\(figures.peakPower)", figures.peakPower.value),
        number(percent(figures.macUtilization), figures.macUtilization),
        number("\(Bytes(bytes))", Double(bytes)), words(isOnFront ? "yes" : ""),
      ]
    case .failed(_, let finding):
      return start + Array(repeating: number("–", 0), count: 6) + [words("failed: \(finding)")]
    case nil: return start + Array(repeating: number("–", 0), count: 6) + [words("not run")]
    }
  }
}
