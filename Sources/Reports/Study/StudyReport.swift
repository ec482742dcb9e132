import Measures
package import Search
package import Studies

/// A study as a page: what it found, how it came there, and what that took.
package struct StudyReport: Sendable {
  package var summary: StudySummary
  package var space: any SearchSpace
  /// Networks that were simulated.
  package var simulationCount: Int
  /// What each epoch of a search in mixtures showed; none for other strategies.
  package var searchEpochs: [SearchEpoch]
  package var version: String
  package var commandLine: String
  /// The page of the best network's simulation, relative to this one.
  package var winnerPage: String?
  /// What the reader has to know.
  package var notes: [String] = []

  package init(
    summary: StudySummary, space: any SearchSpace, simulationCount: Int, searchEpochs: [SearchEpoch] = [],
    version: String, commandLine: String
  ) {
    self.summary = summary
    self.space = space
    self.simulationCount = simulationCount
    self.searchEpochs = searchEpochs
    self.version = version
    self.commandLine = commandLine
  }

  /// Whether qualities are accuracies, and not estimates of another kind.
  var isAccuracy: Bool { summary.description.estimator.isAccuracy }

  /// "81.6 %", or the number of an estimate.
  func text(ofQuality quality: Double?) -> String {
    guard let quality else { return "not trained" }
    return isAccuracy ? percent(quality) : shortest(quality, digits: 4)
  }

  /// How long all trials took: "27.6 min".
  var duration: String {
    let seconds = summary.trialSeconds
    if seconds < 120 { return "\(Seconds(seconds))" }
    return seconds < 7200 ? "\(fixed(seconds / 60, 1)) min" : "\(fixed(seconds / 3600, 1)) h"
  }
}
