package import Calibration
package import Formats
import Hardware

extension CalibrationResult {
  /// The whole result as JSON, versioned like that of a run.
  package func json(version: String, command: String) -> JSONValue {
    [
      "schema": .integer(RunReport.schema),
      "version": .string(version),
      "command": .string(command),
      "hardware": .string(hardware),
      "fingerprint": .string(model.fingerprint),
      "measurements": [
        "name": .string(set.name), "sha256": .string(set.sha256), "date": .string(set.date),
        "rows": .integer(set.rows.count),
      ],
      "protocol": .string(protocolSentence),
      "converged": .bool(hasConverged),
      "evaluations": .integer(evaluations),
      "parameters": .array(parameters.map(\.json)),
      "left_out": .array(leftOut.map { ["key": .string($0.key), "reason": .string($0.reason)] }),
      "correlations": .array(correlations.map { .array($0.map { .number($0) }) }),
      "confusions": .array(
        confusions.map {
          [
            "first": .string($0.first), "second": .string($0.second), "correlation": .number($0.correlation),
          ]
        }),
      "quantities": .array(quantities.map(\.json)),
      "rows": .array(rows.map(\.json)),
      "notes": .array(warnings.map { .string($0.description) }),
    ]
  }
}

extension CalibrationResult.FittedParameter {
  fileprivate var json: JSONValue {
    [
      "key": .string(key), "before": .string(before), "after": .string(after), "from": .string(lower),
      "to": .string(upper), "interval": .string(interval), "effect": .number(effect),
    ]
  }
}

extension CalibrationResult.QuantityOutcome {
  fileprivate var json: JSONValue {
    [
      "quantity": .string(quantity.rawValue),
      "before": before.json,
      "fitted": fitted.json,
      "held_out": heldOut?.json ?? .null,
      "baselines": .array(
        baselines.map {
          [
            "name": .string($0.baseline.rawValue), "fitted": $0.fitted.json,
            "held_out": $0.heldOut?.json ?? .null,
          ]
        }),
      "noise": repeats.map { .number($0.noise) } ?? .null,
      "beats_operation_counts": beatsOperationCounts.map { .bool($0) } ?? .null,
    ]
  }
}

extension ErrorSummary {
  fileprivate var json: JSONValue {
    [
      "rows": .integer(count), "mape": .number(meanError), "median_ape": .number(medianError),
      "within_10_percent": .number(shareWithinTenPercent), "kendall_tau_b": .number(kendallTau),
      "spearman": .number(spearman), "r_squared": .number(rSquared),
    ]
  }
}

extension CalibrationResult.RowOutcome {
  fileprivate var json: JSONValue {
    [
      "name": .string(name), "group": .string(group), "class": .string(layerClass),
      "quantity": .string(quantity.rawValue), "unit": .string(quantity.unit), "measured": .number(measured),
      "before": .number(before), "after": .number(after), "held_out": heldOut.map { .number($0) } ?? .null,
      "fitted": .bool(isFitted),
    ]
  }
}
