import Measures
import Mustache
import Training

extension TrainingReport {
  /// The report as one self-contained HTML file.
  ///
  /// - Throws: `MustacheTemplate.ParserError` if the built-in template does not parse, which a test rules out.
  package func html() throws -> String {
    try MustacheTemplate(string: TrainingPageTemplate.text).render(pageContent())
  }

  /// What the template is filled with; Mustache finds the members by their names.
  struct Page {
    var title: String
    var headline: String
    var verdict: String
    var tiles: [PageContent.Tile]
    var curves: [Curve]
    var rows: [Row]
    var recipe: [PageContent.Fact]
    var facts: [PageContent.Fact]
    var style: String
  }

  /// A figure with its title and legend.
  struct Curve {
    var title: String
    var guide: String
    var legend: [PageContent.LegendEntry]
    var picture: PageContent.Picture
  }

  /// A line of the table of epochs.
  struct Row {
    var epoch: String
    var trainingLoss: String
    var trainingAccuracy: String
    var testLoss: String
    var testAccuracy: String
    var learningRate: String
  }

  private func pageContent() -> Page {
    Page(
      title: title, headline: headline, verdict: verdict, tiles: tiles,
      curves: [lossCurve, accuracyCurve, rateCurve, speedCurve],
      rows: epochs.enumerated().map { index, epoch in
        Row(
          epoch: "\(index + 1)", trainingLoss: fixed(epoch.trainingLoss, 4),
          trainingAccuracy: percent(epoch.trainingAccuracy), testLoss: fixed(epoch.testLoss, 4),
          testAccuracy: percent(epoch.testAccuracy), learningRate: shortest(epoch.learningRate, digits: 3))
      },
      recipe: SettingKeys.all.map { .init(title: $0.name, value: $0.text(in: settings)) },
      facts: [
        .init(title: "Joulery", value: version), .init(title: "Command", value: commandLine),
        .init(title: "Dataset", value: "\(dataset.name) · SHA-256 \(dataset.sha256)"),
        .init(title: "Weights", value: checkpoint ?? "not kept"),
      ], style: PageStyle.text)
  }

  /// The first epoch with the best test accuracy, from 0.
  private var bestEpoch: Int? {
    epochs.indices.reduce(nil) { best, index in
      guard let best else { return index }
      return epochs[index].testAccuracy > epochs[best].testAccuracy ? index : best
    }
  }

  private var verdict: String {
    guard let last = epochs.last, let bestEpoch else { return "No epoch was finished." }
    let best = epochs[bestEpoch].testAccuracy
    return
      "\(percent(last.testAccuracy)) of \(grouped(dataset.testCount)) test images are classified rightly after "
      + "\(epochs.count) \(epochs.count == 1 ? "epoch" : "epochs")"
      + (best > last.testAccuracy ? "; it was \(percent(best)) after epoch \(bestEpoch + 1)." : ".")
  }

  private var tiles: [PageContent.Tile] {
    func tile(_ title: String, _ text: String, _ detail: String) -> PageContent.Tile {
      let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
      return .init(
        title: title, value: parts.first ?? "", unit: parts.count > 1 ? parts[1] : "", detail: detail)
    }
    let last = epochs.last
    return [
      tile(
        "Test accuracy", last.map { percent($0.testAccuracy) } ?? "–",
        "training \(last.map { percent($0.trainingAccuracy) } ?? "–")"),
      tile(
        "Test loss", last.map { fixed($0.testLoss, 4) } ?? "–",
        "training \(last.map { fixed($0.trainingLoss, 4) } ?? "–")"),
      tile("Time", "\(Seconds(seconds))", "\(grouped(steps.count)) steps of this run, with tests"),
      tile(
        "Speed", "\(shortest(imagesPerSecond, digits: 3)) images/s",
        "\(threads) \(threads == 1 ? "thread" : "threads")"),
      tile("Parameters", engineering(Double(parameters), unit: ""), "single precision"),
      tile("Memory", "\(Bytes(memoryBytes))", "weights, activations, work space"),
      tile(
        "Images", grouped(dataset.trainingCount),
        "\(grouped(dataset.testCount)) to test, \(dataset.classes) classes"),
      tile("Batch", "\(settings.batchSize)", "\(grouped(stepsPerEpoch)) steps an epoch"),
    ]
  }
}
