import Measures
import Training

extension TrainingReport {
  /// How many epochs the terminal shows; the other outputs have them all.
  static let shownEpochs = 12

  /// The report for a terminal: one line for each epoch, and the result.
  package func terminalText(in style: TerminalStyle) -> String {
    var lines = [style.heading(style.printable(title)), style.faint(style.printable(headline)), ""]
    var table = TextTable([
      .init("epoch", .right), .init("training loss", .right), .init("accuracy", .right),
      .init("test loss", .right),
      .init("accuracy", .right), .init("learning rate", .right),
    ])
    for (index, epoch) in epochs.enumerated() where index >= epochs.count - Self.shownEpochs {
      table.add(
        "\(index + 1)", fixed(epoch.trainingLoss, 4), percent(epoch.trainingAccuracy),
        fixed(epoch.testLoss, 4),
        percent(epoch.testAccuracy), shortest(epoch.learningRate, digits: 3))
    }
    lines += table.lines(in: style)
    lines.append("")
    if let last = epochs.last {
      lines.append(
        "test accuracy \(percent(last.testAccuracy)) after \(epochs.count) epochs, "
          + "\(Seconds(seconds)) for \(shortest(imagesPerSecond, digits: 3)) images/s")
    }
    lines.append(
      style.faint(
        style.printable(checkpoint.map { "weights: \($0)" } ?? "weights: not kept (--out keeps them)")))
    if !profile.isEmpty {
      lines += ["", style.heading("Where the time of a step goes")] + profileTable(in: style)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func profileTable(in style: TerminalStyle) -> [String] {
    let total = profile.reduce(0) { $0 + $1.seconds }
    var table = TextTable([.init("", isFlexible: true), .init("", .right), .init("", .right)])
    for share in profile.prefix(Self.shownEpochs) {
      table.add(share.label, percent(total > 0 ? share.seconds / total : 0), "\(Seconds(share.seconds))")
    }
    return table.lines(in: style)
  }

  var headline: String {
    "\(grouped(parameters)) parameters, \(grouped(dataset.trainingCount)) training and \(grouped(dataset.testCount)) test "
      + "images of \(dataset.classes) classes, \(settings.optimizerKind.rawValue), seed \(settings.seed), "
      + "\(threads) \(threads == 1 ? "thread" : "threads")"
  }
}
