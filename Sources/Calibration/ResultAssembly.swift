import Hardware
import Measures

/// Puts predictions beside measurements, with the baselines on the same rows.
struct ResultAssembly: Sendable {
  var rows: [Measurement]
  var parts: [Split.Part]
  var before: [Prediction]
  var after: [Prediction]
  var heldOut: [Int: Prediction]
  var model: HardwareModel

  private var quantities: [MeasuredQuantity] {
    MeasuredQuantity.allCases.filter { quantity in rows.contains { $0.value(of: quantity) != nil } }
  }

  var rowOutcomes: [CalibrationResult.RowOutcome] {
    quantities.flatMap { quantity in
      rows.indices.compactMap { row in
        rows[row].value(of: quantity).map { measured in
          CalibrationResult.RowOutcome(
            name: rows[row].name, group: rows[row].group, layerClass: rows[row].layerClass,
            quantity: quantity, measured: measured, before: before[row].value(of: quantity),
            after: after[row].value(of: quantity), heldOut: heldOut[row]?.value(of: quantity),
            isFitted: parts[0].fitted.contains(row))
        }
      }
    }
  }

  var quantityOutcomes: [CalibrationResult.QuantityOutcome] {
    let features = rows.map { NetworkFeatures($0.graph) }
    let held = heldOut.keys.sorted()
    return quantities.map { quantity in
      let measured = rows.map { $0.value(of: quantity) }
      let baselines = Baseline.allCases.compactMap { baseline -> CalibrationResult.BaselineOutcome? in
        func predictions(_ part: Split.Part) -> [Double]? {
          baseline.predictions(
            features, measured: measured, fitted: part.fitted, quantity: quantity, on: model)
        }
        guard let main = predictions(parts[0]) else { return nil }
        var unseen = main
        for part in parts.dropFirst() {
          guard let values = predictions(part) else { continue }
          for row in part.heldOut { unseen[row] = values[row] }
        }
        return CalibrationResult.BaselineOutcome(
          baseline: baseline, fitted: summary(parts[0].fitted, main, measured),
          heldOut: held.isEmpty ? nil : summary(held, unseen, measured))
      }
      let values = heldOut.mapValues { $0.value(of: quantity) }
      return CalibrationResult.QuantityOutcome(
        quantity: quantity,
        before: summary(
          held.isEmpty ? parts[0].fitted : held, before.map { $0.value(of: quantity) }, measured),
        fitted: summary(parts[0].fitted, after.map { $0.value(of: quantity) }, measured),
        heldOut: held.isEmpty ? nil : summary(held, rows.indices.map { values[$0] ?? 0 }, measured),
        baselines: baselines, repeats: Repeats(of: quantity, in: rows))
    }
  }

  private func summary(_ rows: [Int], _ predicted: [Double], _ measured: [Double?]) -> ErrorSummary {
    let known = rows.filter { measured[$0] != nil }
    return ErrorSummary(
      Pairs(predicted: known.map { predicted[$0] }, measured: known.compactMap { measured[$0] }))
  }
}
