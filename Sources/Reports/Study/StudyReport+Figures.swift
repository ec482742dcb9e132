import Formats
import Measures
import Search
import Studies

extension StudyReport {
  /// The figures that have something to show, in the order of the page.
  var figures: [Page.Figure] { [tradeOff, growth, curves].compactMap(\.self) }

  func picture(_ figure: any Figure) -> PageContent.Picture {
    .init(
      wide: figure.drawing(width: FigureWidth.wide).markup,
      narrow: figure.drawing(width: FigureWidth.narrow).markup)
  }

  /// Quality against latency and against energy.
  private var tradeOff: Page.Figure? {
    let judged = summary.trials.filter { $0.findings?.quality != nil }
    guard !judged.isEmpty else { return nil }
    let front = Set(summary.openFront.map(\.number))
    var hiddenCount = 0
    func plot(
      _ title: String, _ cost: (TrialRecord.Findings) -> Double,
      _ text: @escaping @Sendable (Double) -> String
    )
      -> PageContent.Picture
    {
      let marks = judged.compactMap { trial -> TradeOffPlot.Mark? in
        guard let findings = trial.findings, let quality = findings.quality else { return nil }
        let standing: TradeOffPlot.Standing =
          trial.number == summary.best?.number
          ? .best
          : front.contains(trial.number) ? .front : findings.score.violation > 0 ? .forbidden : .beaten
        return .init(
          label: trial.text,
          title: "trial \(trial.number): \(trial.text)\n\(self.text(ofQuality: quality)), "
            + "\(Seconds(findings.latency)), \(Joules(findings.energy))",
          cost: cost(findings), quality: quality, standing: standing)
      }
      hiddenCount = marks.count - TradeOffPlot.shownQualities(of: marks).count
      let isAccuracy = isAccuracy
      return picture(
        TradeOffPlot(
          costTitle: "\(title) of one image", qualityTitle: qualityName, marks: marks, costText: text,
          qualityText: { isAccuracy ? percent($0) : shortest($0, digits: 3) }))
    }
    let legend: [PageContent.LegendEntry] = [
      .init(swatch: "c-memory-load", title: "best by the objective", share: "", sentence: ""),
      .init(
        swatch: "c-compute", title: "unbeaten in accuracy, latency and energy", share: "\(front.count)",
        sentence: ""),
      .init(swatch: "c-issue", title: "beaten", share: "", sentence: ""),
      .init(swatch: "c-other-cores", title: "beyond a limit", share: "", sentence: ""),
    ]
    let pictures = [
      plot("latency", \.latency) { "\(Seconds($0))" }, plot("energy", \.energy) { "\(Joules($0))" },
    ]
    return Page.Figure(
      title: "What can be had for what",
      guide: "Each point is a network; along the line nothing is both cheaper and better."
        + (hiddenCount > 0
          ? " Networks far worse than the others lie at the lower edge: \(hiddenCount)." : ""),
      legend: .init(legend), pictures: pictures)
  }

  /// The dominated volume after each trial.
  private var growth: Page.Figure? {
    let volumes = summary.hypervolumes
    guard volumes.count > 1, let last = volumes.last else { return nil }
    let line = Curves.Line(
      title: "hypervolume", mark: "l-training",
      points: volumes.map { (Double($0.trial + 1), $0.share) }, hasDots: false)
    return Page.Figure(
      title: "How the front grew",
      guide:
        "Hypervolume over trials: the share of the box between the best and the worst accuracy, latency and "
        + "energy of this study that the networks so far dominate; \(percent(last.share)) in the end.",
      legend: nil,
      pictures: [
        picture(
          Curves(
            label: "Hypervolume over trials", lines: [line], end: Double(summary.trials.count), top: 1
          ) { percent($0) })
      ])
  }

  /// Training losses epoch by epoch, the best network's above the others'.
  private var curves: Page.Figure? {
    let trained = summary.trials.filter { ($0.findings?.curve.count ?? 0) > 1 }
    guard !trained.isEmpty else { return nil }
    func line(_ trial: TrialRecord, _ title: String, _ mark: String, hasDots: Bool) -> Curves.Line {
      .init(
        title: title, mark: mark,
        points: (trial.findings?.curve ?? []).enumerated().map { (Double($0 + 1), $1.trainingLoss) },
        hasDots: hasDots)
    }
    let best = trained.first { $0.number == summary.best?.number }
    // Thousands of lines would be a grey area and a large file.
    let others = trained.filter { $0.number != best?.number }
    let shown =
      others.count > 300 ? stride(from: 0, to: 300, by: 1).map { others[$0 * others.count / 300] } : others
    let lines =
      shown.map { line($0, "trial \($0.number): \($0.text)", "l-step", hasDots: false) }
      + (best.map { [line($0, "best, trial \($0.number): \($0.text)", "l-training", hasDots: true)] } ?? [])
    let epochs = trained.map { $0.findings?.curve.count ?? 0 }.max() ?? 1
    return Page.Figure(
      title: "How networks learned",
      guide: "Mean training loss of each epoch; pale lines are "
        + (shown.count < others.count
          ? "\(shown.count) of the \(others.count) other networks." : "the other networks."),
      legend: nil,
      pictures: [
        picture(
          Curves(label: "Training loss over epochs", lines: lines, end: Double(epochs)) {
            shortest($0, digits: 3)
          })
      ])
  }

  /// The unbeaten networks as graphs, best quality first.
  var cells: Page.Cells? {
    let best = summary.best.map { [$0] } ?? []
    let others = summary.openFront.filter { $0.number != best.first?.number }
      .sorted { ($0.findings?.quality ?? 0) > ($1.findings?.quality ?? 0) }
    let shown = (best + others).prefix(9)
    let cards = shown.compactMap { trial -> Page.Card? in
      let diagrams = space.diagrams(of: trial.architecture)
      guard !diagrams.isEmpty, let findings = trial.findings else { return nil }
      let isLarge = diagrams.contains { $0.nodes.count > 5 }
      return Page.Card(
        title: trial.number == best.first?.number ? "\(trial.text) · best" : trial.text,
        detail:
          "\(text(ofQuality: findings.quality)) · \(Seconds(findings.latency)) · \(Joules(findings.energy))",
        drawings: diagrams.map {
          CellFigure(diagram: $0).drawing(width: isLarge ? 900 : 300).markup
        },
        isLarge: isLarge)
    }
    guard !cards.isEmpty else { return nil }
    return Page.Cells(
      title: "The best networks",
      guide: "Operations that reach no output are left out; values that meet in a node are added."
        + (best.count + others.count > shown.count
          ? " \(shown.count) of the \(best.count + others.count) networks are drawn." : ""),
      cards: cards)
  }
}
