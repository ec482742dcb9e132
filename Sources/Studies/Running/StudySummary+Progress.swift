import Measures

extension StudySummary {
  /// The allowed trials with a quality that none beats in quality, latency and energy together, by latency.
  ///
  /// Unlike ``front`` it does not depend on what the objective asks for.
  package var openFront: [TrialRecord] {
    let candidates = judged
    let front = ParetoFront(of: candidates.map(\.losses))
    return front.members.map { candidates[$0].trial }.sorted {
      ($0.findings?.latency ?? 0, $0.number) < ($1.findings?.latency ?? 0, $1.number)
    }
  }

  /// How the front grew: after each allowed trial, the share of the box between the best and the worst of all values that
  /// the trials so far dominate.
  ///
  /// The box reaches a tenth beyond the worst values, so that they count as well.
  package var hypervolumes: [(trial: Int, share: Double)] {
    let judged = judged
    guard let first = judged.first else { return [] }
    var (least, most) = (first.losses, first.losses)
    for point in judged.map(\.losses) {
      least = zip(least, point).map(min)
      most = zip(most, point).map(max)
    }
    let extents = zip(least, most).map { $1 > $0 ? ($1 - $0) * 1.1 : 1 }
    let measure = Hypervolume(reference: extents.map { _ in 1 })
    var front: [[Double]] = []
    return judged.map { trial, losses in
      let point = zip(zip(losses, least), extents).map { ($0.0 - $0.1) / $1 }
      if !front.contains(where: { $0 == point || dominates($0, point) }) {
        front.removeAll { dominates(point, $0) }
        front.append(point)
      }
      return (trial.number, measure.of(front))
    }
  }

  /// Epochs that were trained, over all trials.
  package var epochCount: Int { trials.reduce(0) { $0 + ($1.findings?.curve.count ?? 0) } }

  /// Seconds that trials took, each by itself: with several workers more than went by.
  package var trialSeconds: Double { trials.reduce(0) { $0 + $1.seconds } }

  /// Allowed trials with a quality, and what is to be small of them: −quality, seconds, joules.
  private var judged: [(trial: TrialRecord, losses: [Double])] {
    allowed.compactMap { trial in
      guard let findings = trial.findings, let quality = findings.quality else { return nil }
      return (trial, [-quality, findings.latency, findings.energy])
    }
  }
}
