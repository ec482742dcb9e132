import Calibration
import Measures

extension CalibrationResult {
  /// The errors of one class of rows.
  struct ClassResidual: Hashable, Sendable {
    var title: String
    var count: Int
    var meanError: Double
    /// The mean of the signed relative errors.
    var bias: Double
  }

  /// The residuals of each quantity by class of row, in order of first appearance.
  var residualsByClass: [ClassResidual] {
    var titles: [String] = []
    var groups: [String: [RowOutcome]] = [:]
    for row in rows {
      let title = "\(row.quantity.rawValue): \(row.layerClass)"
      if groups[title] == nil { titles.append(title) }
      groups[title, default: []].append(row)
    }
    return titles.map { title in
      let rows = groups[title] ?? []
      let errors = rows.map { $0.judged / $0.measured - 1 }
      return ClassResidual(
        title: title, count: rows.count, meanError: errors.map(abs).mean, bias: errors.mean)
    }
  }
}

extension CalibrationResult.Confusion {
  var sentence: String {
    "the rows cannot tell \(first) from \(second) (correlation \(shortest(correlation, digits: 2))); "
      + "their sum is known better than either: fit one and give the other a narrow range"
  }
}

extension CalibrationResult.QuantityOutcome {
  /// A line of the table of errors.
  struct ErrorRow: Hashable, Sendable {
    var title: String
    var summary: ErrorSummary
  }

  /// The machine before and after, and the baselines, on the rows that judge.
  var errorRows: [ErrorRow] {
    let isJudged = heldOut != nil
    var rows: [ErrorRow] = []
    if fitted.count > 0 {
      rows.append(ErrorRow(title: isJudged ? "before, held out" : "before", summary: before))
      rows.append(ErrorRow(title: "fitted rows", summary: fitted))
    }
    if let heldOut { rows.append(ErrorRow(title: "held out", summary: heldOut)) }
    for outcome in baselines {
      rows.append(ErrorRow(title: outcome.baseline.rawValue, summary: outcome.heldOut ?? outcome.fitted))
    }
    return rows
  }

  /// Whether the simulator is worth it, and how good it could be.
  var verdict: String {
    var text: String
    switch beatsOperationCounts {
    case true?: text = "The simulator beats the fit to operation counts"
    case false?:
      text = "The simulator does not beat the fit to operation counts: on this set it proves nothing"
    case nil: text = "There is no fit to operation counts to compare with"
    }
    text += heldOut == nil ? ", judged on fitted rows only." : " on held-out rows."
    if let repeats {
      text += " Repeats differ by \(percent(repeats.noise)) from their median (\(repeats.groups) runs)."
    }
    return text
  }
}

extension ErrorSummary {
  /// Count, MAPE, median, share within 10 %, τ, ρ and R² as texts.
  var cells: [String] {
    [
      "\(count)", percent(meanError), percent(medianError), percent(shareWithinTenPercent),
      coefficient(kendallTau), coefficient(spearman), coefficient(rSquared),
    ]
  }

  private func coefficient(_ value: Double) -> String { value.isNaN ? "-" : shortest(value, digits: 3) }
}
