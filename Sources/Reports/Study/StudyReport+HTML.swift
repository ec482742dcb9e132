import Measures
import Mustache
import Search
import Studies

extension StudyReport {
  /// The report as one self-contained HTML file.
  ///
  /// - Throws: `MustacheTemplate.ParserError` if the built-in template does not parse, which a test rules out.
  package func html() throws -> String {
    try MustacheTemplate(string: StudyPageTemplate.text).render(page)
  }

  /// What the template is filled with; Mustache finds the members by their names.
  struct Page {
    struct Link {
      var href: String
      var text: String
    }
    struct Figure {
      var title: String
      var guide: String
      var legend: PageContent.Table<PageContent.LegendEntry>?
      var pictures: [PageContent.Picture]
    }
    struct Cells {
      var title: String
      var guide: String
      var cards: [Card]
    }
    struct Card {
      var title: String
      var detail: String
      var drawings: [String]
      /// Whether it is as wide as the page.
      var isLarge = false
    }
    struct Mixtures {
      var guide: String
      var legend: [PageContent.LegendEntry]
      var cards: [Card]
    }
    struct Column {
      var title: String
      var isNumber: Bool
    }
    struct Row {
      var isBest: Bool
      var cells: [Cell]
    }
    struct Cell {
      var text: String
      var key: String
      var isNumber: Bool
    }

    var title: String
    var headline: String
    var verdict: String
    /// The best network beside the reference, where both were trained anew.
    var gains: [String]
    var winnerPage: Link?
    var tiles: [PageContent.Tile]
    var figures: [Figure]
    var cells: Cells?
    /// nil where the strategy mixes nothing.
    var mixtures: Mixtures?
    var searchFigures: [Figure]
    var tableGuide: String
    var columns: [Column]
    var rows: [Row]
    var source: String
    var notes: [String]
    var facts: [PageContent.Fact]
    var style = PageStyle.text + StudyPageTemplate.style
    var script = PageScript.text
  }

  private var page: Page {
    Page(
      title: "Study \(summary.name)", headline: summary.headline, verdict: verdict,
      gains: summary.gain(over: space.reference?.name),
      winnerPage: winnerPage.map { Page.Link(href: $0, text: "The best network's run, layer by layer") },
      tiles: tiles, figures: figures, cells: cells, mixtures: mixtures,
      searchFigures: searchFigures, tableGuide: tableGuide,
      columns: columns, rows: summary.trials.map(row), source: summary.description.yaml(), notes: notes,
      facts: [.init(title: "Joulery", value: version), .init(title: "Command", value: commandLine)])
  }

  private var verdict: String {
    guard let best = summary.best, let findings = best.findings else {
      guard let nearest = summary.nearest, let findings = nearest.findings else {
        return "No network was evaluated."
      }
      return "No network keeps all limits. \(nearest.text) comes nearest: it exceeds them by "
        + "\(percent(findings.score.violation))."
    }
    // The name of a pair of cells would bury the sentence.
    let name = best.text.count > 24 ? "that of trial \(best.number)" : best.text
    return "Of \(summary.trials.count) networks \(name) is the best by the objective: "
      + "\(qualityName) \(text(ofQuality: findings.quality)), \(Seconds(findings.latency)) and "
      + "\(Joules(findings.energy)) for one image on \(summary.description.hardware)."
  }

  /// What quality is, in a sentence: "accuracy".
  var qualityName: String { isAccuracy ? "accuracy" : "training-speed estimate" }

  private var tiles: [PageContent.Tile] {
    func tile(_ title: String, _ text: String, _ detail: String) -> PageContent.Tile {
      let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
      return .init(
        title: title, value: parts.first ?? "", unit: parts.count > 1 ? parts[1] : "", detail: detail)
    }
    let best = summary.best?.findings
    let scored = summary.trials.count { $0.state == .scored }
    return [
      tile(
        isAccuracy ? "Accuracy" : "Estimate", best.map { text(ofQuality: $0.quality) } ?? "–",
        isAccuracy ? "on images held back from training" : "larger is better"),
      tile("Latency", best.map { "\(Seconds($0.latency))" } ?? "–", "one image, best network"),
      tile(
        "Energy", best.map { "\(Joules($0.energy))" } ?? "–",
        best.map { "average power \(Watts($0.energy / $0.latency))" } ?? ""),
      tile(
        "Front", "\(summary.openFront.count) networks",
        "unbeaten in accuracy, latency and energy together"),
      tile(
        "Trials", "\(scored) of \(summary.description.budget.trials)",
        "\(summary.failedCount) failed, \(summary.runningCount) running"),
      tile("Time", duration, "all trials one after another"),
      tile("Simulations", grouped(simulationCount), "the same function is simulated once"),
      tile("Epochs", grouped(summary.epochCount), "trained over all networks"),
    ]
  }
}
