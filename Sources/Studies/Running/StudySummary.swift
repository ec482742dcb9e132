import Search

/// What a study has found so far.
package struct StudySummary: Hashable, Sendable {
  package var name: String
  package var description: StudyDescription
  /// All trials, in the order of their numbers.
  package var trials: [TrialRecord]

  /// What was trained anew at the end.
  package var confirmations: [Confirmation]

  package init(
    name: String, description: StudyDescription, trials: [TrialRecord], confirmations: [Confirmation] = []
  ) {
    self.name = name
    self.description = description
    self.trials = trials
    self.confirmations = confirmations
  }

  package var failedCount: Int { trials.count { $0.state == .failed } }
  package var runningCount: Int { trials.count { $0.state == .running } }
  package var isComplete: Bool {
    trials.count >= description.budget.trials && trials.allSatisfy { $0.state != .running }
  }

  /// The trials that keep all limits.
  package var allowed: [TrialRecord] { trials.filter { $0.findings?.score.violation == 0 } }

  /// The one that the objective prefers; of equally good ones the first that none of them dominates.
  ///
  /// nil where none keeps all limits.
  package var best: TrialRecord? {
    allowed.reduce(nil as TrialRecord?) { best, next in
      guard let score = next.findings?.score, next.findings?.quality != nil else { return best }
      guard let leading = best?.findings?.score else { return next }
      let isBetter = score.isBetter(than: leading)
      return isBetter || (!leading.isBetter(than: score) && score.dominates(leading)) ? next : best
    }
  }

  /// The allowed trials that no other dominates, by their first cost; of equal ones the first.
  package var front: [TrialRecord] {
    let candidates = allowed
    let front = candidates.filter { trial in
      guard let score = trial.findings?.score else { return false }
      return !candidates.contains { other in
        guard let otherScore = other.findings?.score else { return false }
        return otherScore.dominates(score) || otherScore.losses == score.losses && other.number < trial.number
      }
    }
    return front.sorted {
      ($0.findings?.latency ?? 0, $0.number) < ($1.findings?.latency ?? 0, $1.number)
    }
  }

  /// The trial that comes closest to the limits, where none keeps them.
  package var nearest: TrialRecord? {
    trials.filter { $0.findings != nil }.min {
      ($0.findings?.score.violation ?? .infinity, $0.number) < (
        $1.findings?.score.violation ?? .infinity, $1.number
      )
    }
  }
}
