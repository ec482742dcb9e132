import Formats
import Measures
import Training

extension TrainingReport {
  private var lastStep: Double { Double(max(1, epochs.count * stepsPerEpoch)) }

  private func perEpoch(_ path: (EpochRecord) -> Double) -> [(x: Double, y: Double)] {
    epochs.enumerated().map { (Double(($0 + 1) * stepsPerEpoch), path($1)) }
  }

  private func curve(_ title: String, _ guide: String, _ figure: Curves, shares: [String]) -> Curve {
    Curve(
      title: title, guide: guide,
      legend: zip(figure.lines, shares).map { line, share in
        .init(swatch: "\(line.mark)-swatch", title: line.title, share: share, sentence: line.title)
      },
      picture: .init(
        wide: figure.drawing(width: FigureWidth.wide).markup,
        narrow: figure.drawing(width: FigureWidth.narrow).markup))
  }

  var lossCurve: Curve {
    let lines: [Curves.Line] = [
      .init(title: "each step", mark: "l-step", points: steps.map { (Double($0.number), $0.loss) }),
      .init(title: "training, mean of the epoch", mark: "l-training", points: perEpoch(\.trainingLoss)),
      .init(title: "test", mark: "l-test", points: perEpoch(\.testLoss)),
    ]
    return curve(
      "Loss", "Over the steps; that of training is measured while the weights change.",
      Curves(label: "Loss over steps", lines: lines, end: lastStep) { shortest($0, digits: 3) },
      shares: [
        "", epochs.last.map { fixed($0.trainingLoss, 4) } ?? "",
        epochs.last.map { fixed($0.testLoss, 4) } ?? "",
      ])
  }

  var accuracyCurve: Curve {
    let lines: [Curves.Line] = [
      .init(title: "training", mark: "l-training", points: perEpoch(\.trainingAccuracy)),
      .init(title: "test", mark: "l-test", points: perEpoch(\.testAccuracy)),
    ]
    return curve(
      "Accuracy", "The share of images whose class has the largest output.",
      Curves(label: "Accuracy over steps", lines: lines, end: lastStep, top: 1) { percent($0) },
      shares: [
        epochs.last.map { percent($0.trainingAccuracy) } ?? "",
        epochs.last.map { percent($0.testAccuracy) } ?? "",
      ])
  }

  var rateCurve: Curve {
    let line = Curves.Line(
      title: settings.scheduleKind.rawValue, mark: "l-training",
      points: steps.map { (Double($0.number), $0.learningRate) })
    return curve(
      "Learning rate", "The schedule as it was followed in this run.",
      Curves(label: "Learning rate over steps", lines: [line], end: lastStep) { shortest($0, digits: 3) },
      shares: [""])
  }

  /// Images per second of about a hundred stretches of this run; tests behind epochs count, too.
  var speedCurve: Curve {
    let size = max(1, steps.count / 100)
    let ends = stride(from: size - 1, to: steps.count, by: size).map { steps[$0] }
    var points: [(x: Double, y: Double)] = []
    var last = 0.0
    for step in ends where step.seconds > last {
      points.append((Double(step.number), Double(size * settings.batchSize) / (step.seconds - last)))
      last = step.seconds
    }
    return curve(
      "Speed", "Images per second over the steps of this run; a dip behind an epoch is its test.",
      Curves(
        label: "Images per second over steps",
        lines: [.init(title: "images per second", mark: "l-training", points: points)], end: lastStep
      ) { shortest($0, digits: 3) }, shares: [shortest(imagesPerSecond, digits: 3)])
  }
}
