/// A way of choosing which architecture to try next.
///
/// A strategy is a value that only its seed, the calls of ``ask()`` and those of ``tell(_:)`` determine. So a study is
/// resumed by asking and telling again what its store says was asked and told, in that order.
package protocol Strategy: Sendable {
  /// The next architecture to try, or nil where the strategy has nothing more to try.
  ///
  /// It may be called any number of times before the results of earlier calls are told.
  mutating func ask() -> Architecture?

  /// Takes the result of an architecture that ``ask()`` gave; results come in any order, each once.
  mutating func tell(_ trial: Trial)
}

/// An architecture and what came of it.
package struct Trial: Hashable, Sendable {
  package var architecture: Architecture
  package var result: Result

  package init(_ architecture: Architecture, _ result: Result) {
    self.architecture = architecture
    self.result = result
  }

  /// What came of a trial.
  package enum Result: Hashable, Sendable {
    /// It was evaluated.
    case scored(Score)
    /// It could not be evaluated; strategies treat it as worse than all others.
    case failed
  }

  /// Its score, or nil where it failed.
  package var score: Score? {
    guard case .scored(let score) = result else { return nil }
    return score
  }
}

/// How good an architecture is.
package struct Score: Hashable, Sendable, Codable {
  /// One number to be as large as possible.
  package var scalar: Double
  /// Numbers to be as small as possible, for strategies that look for a whole front; the first is of quality.
  package var losses: [Double]
  /// By how much hard limits are exceeded, as a share of them; 0 for what is allowed.
  package var violation: Double

  package init(scalar: Double, losses: [Double]? = nil, violation: Double = 0) {
    self.scalar = scalar
    self.losses = losses ?? [-scalar]
    self.violation = violation
  }

  /// Whether this score is preferred to another when one number decides: what is allowed before what is not.
  package func isBetter(than other: Score) -> Bool {
    guard violation == other.violation else { return violation < other.violation }
    return scalar > other.scalar
  }

  /// Whether this score is at least as good in every loss and better in one; what is allowed dominates what is not.
  ///
  /// Source for limits: Deb and others 2002, doi:10.1109/4235.996017, section VI.
  package func dominates(_ other: Score) -> Bool {
    guard violation == other.violation else { return violation < other.violation }
    var isBetter = false
    for (mine, others) in zip(losses, other.losses) {
      if mine > others { return false }
      if mine < others { isBetter = true }
    }
    return isBetter
  }
}
