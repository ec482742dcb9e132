import Measures
import Search
import Studies

extension StudyReport {
  var tableGuide: String {
    let failed = summary.failedCount
    return failed == 0
      ? "None of them failed."
      : "\(failed) of \(summary.trials.count) failed; the last column says why."
  }

  var columns: [Page.Column] {
    [.init(title: "Trial", isNumber: true), .init(title: "Network", isNumber: false)]
      + [
        isAccuracy ? "Accuracy" : "Estimate", "Latency", "Energy", "Average power", "Peak power", "Score",
        "Seconds",
      ].map { .init(title: $0, isNumber: true) } + [.init(title: "State", isNumber: false)]
  }

  func row(_ trial: TrialRecord) -> Page.Row {
    func number(_ text: String, _ value: Double) -> Page.Cell {
      .init(text: text, key: value.isFinite ? "\(value)" : "-1e300", isNumber: true)
    }
    func words(_ text: String) -> Page.Cell { .init(text: text, key: text, isNumber: false) }
    let start = [number("\(trial.number)", Double(trial.number)), words(trial.text)]
    let seconds = number(shortest(trial.seconds, digits: 3), trial.seconds)
    guard let findings = trial.findings else {
      let blank = Array(repeating: number("–", -.infinity), count: 6)
      return Page.Row(isBest: false, cells: start + blank + [seconds, words(state(of: trial))])
    }
    let power = findings.latency > 0 ? findings.energy / findings.latency : 0
    return Page.Row(
      isBest: trial.number == summary.best?.number,
      cells: start + [
        number(text(ofQuality: findings.quality), findings.quality ?? -.infinity),
        number("\(Seconds(findings.latency))", findings.latency),
        number("\(Joules(findings.energy))", findings.energy), number("\(Watts(power))", power),
        number("\(Watts(findings.peakPower))", findings.peakPower),
        number(
          findings.score.scalar.isFinite ? shortest(findings.score.scalar, digits: 4) : "–",
          findings.score.scalar), seconds, words(state(of: trial)),
      ])
  }

  private func state(of trial: TrialRecord) -> String {
    switch trial.state {
    case .running: "running"
    case .failed: "failed: \(trial.failure ?? "no message")"
    case .scored:
      switch trial.findings?.score.violation {
      case .some(let violation) where violation > 0: "limits exceeded by \(percent(violation))"
      default: trial.number == summary.best?.number ? "best" : ""
      }
    }
  }
}
