package import Formats
import Search
package import Studies

extension StudySummary {
  /// The version of the document's form.
  package static let schema = 1

  /// The study with all trials; two studies of the same description have the same bytes, however they were run.
  package var json: JSONValue {
    guard case .object(let head) = headJSON else { return .null }
    let front = JSONValue.array(front.map { .integer($0.number) })
    return .object(
      [.init("schema", .integer(Self.schema))] + head
        + [.init("front", front), .init("trials", .array(trials.map(\.json)))]
        + (confirmations.isEmpty ? [] : [.init("confirmation", confirmationJSON)]))
  }

  /// What was trained anew at the end.
  private var confirmationJSON: JSONValue {
    .object(
      Confirmation.Role.allCases.compactMap { role in
        confirmed(role).map { network in
          .init(
            role.rawValue,
            [
              "text": .string(network.text), "accuracies": .array(network.accuracies.map { .number($0) }),
              "latency_s": .number(network.latency), "energy_j": .number(network.energy),
            ])
        }
      })
  }

  /// What the study is and how far it has come.
  package var headJSON: JSONValue {
    [
      "study": .string(name), "strategy": .string(description.strategy.name.rawValue),
      "hardware": .string(description.hardware), "seed": .integer(description.seed),
      "trial_budget": .integer(description.budget.trials), "is_complete": .bool(isComplete),
      "trial_count": .integer(trials.count), "failed_count": .integer(failedCount),
      "best": best.map { .integer($0.number) } ?? .null,
    ]
  }
}

extension TrialRecord {
  fileprivate var json: JSONValue {
    let findings = findings
    return [
      "number": .integer(number), "architecture": .array(architecture.options.map { .integer($0) }),
      "text": .string(text), "state": .string(state.rawValue),
      "failure": failure.map { .string($0) } ?? .null,
      "quality": findings?.quality.map { .number($0) } ?? .null,
      "latency_s": findings.map { .number($0.latency) } ?? .null,
      "energy_j": findings.map { .number($0.energy) } ?? .null,
      "average_power_w": findings.map { .number($0.energy / $0.latency) } ?? .null,
      "peak_power_w": findings.map { .number($0.peakPower) } ?? .null,
      "score": findings.map { .number($0.score.scalar) } ?? .null,
      "violation": findings.map { .number($0.score.violation) } ?? .null,
      "curve": .array(
        (findings?.curve ?? []).map { epoch in
          [
            "training_loss": .number(epoch.trainingLoss),
            "validation_accuracy": epoch.validationAccuracy.map { .number($0) } ?? .null,
          ]
        }),
    ]
  }
}
