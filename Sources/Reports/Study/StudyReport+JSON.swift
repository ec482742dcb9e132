package import Formats
import Studies

extension StudyReport {
  /// The summary's document with how the front grew and what the search took.
  package var json: JSONValue {
    guard case .object(let members) = summary.json else { return .null }
    return .object(
      members + [
        .init(
          "open_front", .array(summary.openFront.map { .integer($0.number) })),
        .init(
          "hypervolume",
          .array(
            summary.hypervolumes.map { ["trial": .integer($0.trial), "share": .number($0.share)] })),
        .init(
          "cost",
          [
            "trial_seconds": .number(summary.trialSeconds), "simulations": .integer(simulationCount),
            "epochs": .integer(summary.epochCount),
          ]),
      ])
  }
}
