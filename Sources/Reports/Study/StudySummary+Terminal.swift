import Measures
import Search
package import Studies

extension StudySummary {
  /// The best network and the front as a table, with what the reader must know of the rest.
  package func terminalText(in style: TerminalStyle) -> String {
    var lines = [style.heading(style.printable("Study \(name): \(headline)"))]
    if let best {
      lines += [style.printable("best: \(best.text) (trial \(best.number))"), ""]
      let shown = front.contains { $0.number == best.number } ? front : front + [best]
      lines += table(of: shown, best: best.number).lines(in: style)
      lines += [
        "", style.faint(style.printable("* best by the objective; the others are the rest of the front")),
      ]
    } else if let nearest, let findings = nearest.findings {
      lines.append(
        style.printable(
          "no network keeps all limits; nearest: \(nearest.text), \(Seconds(findings.latency)), "
            + "\(Joules(findings.energy)), limits exceeded by \(percent(findings.score.violation))"))
    } else {
      lines.append("no network was evaluated")
    }
    if !confirmations.isEmpty { lines += [""] + gain(over: nil).map { style.printable($0) } }
    for failure in failures.prefix(3) { lines.append(style.printable("failed: \(failure)")) }
    if failures.count > 3 { lines.append("failed: \(failures.count - 3) more") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A line for each of several studies.
  package static func list(_ summaries: [StudySummary], folder: String, in style: TerminalStyle) -> String {
    guard !summaries.isEmpty else {
      return style.printable("no studies in \(folder); begin one with 'joulery search STUDY.yaml'") + "\n"
    }
    var table = TextTable([
      .init("study", isFlexible: true), .init("strategy"), .init("machine"), .init("trials", .right),
      .init("failed", .right), .init("best", isFlexible: true), .init("quality", .right),
      .init("latency", .right),
    ])
    for summary in summaries {
      let best = summary.best
      table.add(
        summary.name, summary.description.strategy.name.rawValue, summary.description.hardware,
        "\(summary.trials.count)/\(summary.description.budget.trials)", "\(summary.failedCount)",
        best?.text ?? "none", best?.findings?.quality.map { shortest($0, digits: 4) } ?? "",
        best?.findings.map { "\(Seconds($0.latency))" } ?? "")
    }
    return table.lines(in: style).joined(separator: "\n") + "\n"
  }

  var headline: String {
    var parts = ["\(trials.count) of \(description.budget.trials) trials"]
    if failedCount > 0 { parts.append("\(failedCount) failed") }
    if runningCount > 0 { parts.append("\(runningCount) running") }
    parts.append("\(description.strategy.name.rawValue) on \(description.hardware)")
    return parts.joined(separator: ", ")
  }

  private var failures: [String] {
    trials.compactMap { trial in trial.failure.map { "trial \(trial.number) (\(trial.text)): \($0)" } }
  }

  private func table(of trials: [TrialRecord], best: Int) -> TextTable {
    var table = TextTable([
      .init(""), .init("trial", .right), .init("network", isFlexible: true), .init("quality", .right),
      .init("latency", .right), .init("energy", .right), .init("avg power", .right), .init("score", .right),
    ])
    for trial in trials {
      guard let findings = trial.findings else { continue }
      table.add(
        trial.number == best ? "*" : "", "\(trial.number)", trial.text,
        findings.quality.map { shortest($0, digits: 4) } ?? "not trained", "\(Seconds(findings.latency))",
        "\(Joules(findings.energy))", "\(Watts(findings.energy / findings.latency))",
        shortest(findings.score.scalar, digits: 4))
    }
    return table
  }
}
