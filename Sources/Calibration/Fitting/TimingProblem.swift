import Formats
import Hardware

/// The fit of times: parameters between 0 and 1, and for each row the log of predicted over measured.
struct TimingProblem: FitProblem {
  var template: HardwareTemplate
  var parameters: [Parameter]
  var simulations: Simulations
  /// Rows by index, with the measured quantity and value of each.
  var rows: [Int]
  var loss: Loss
  var priorWeight: Double

  private var measured: [(quantity: MeasuredQuantity, value: Double, weight: Double)] {
    rows.map { row in
      let measurement = simulations.rows[row]
      let observation = measurement.observations.first { $0.quantity.isTime }
      return (observation?.quantity ?? .latency, observation?.value ?? 1, measurement.weight)
    }
  }

  /// The settings of a point, as `--set` takes them.
  func settings(at point: [Double]) -> [String] {
    zip(parameters, point).map { "\($0.key)=\($0.value(at: $1).text)" }
  }

  /// The weighted residuals of several points, which are simulated side by side.
  ///
  /// - Throws: ``CalibrationError``.
  func residuals(at points: [[Double]]) throws(CalibrationError) -> [[Double]] {
    var requests: [Simulations.Request] = []
    for point in points { requests += try self.requests(settings: settings(at: point)) }
    let predictions = try simulations.predictions(requests)
    let measured = measured
    return points.indices.map { index in
      rows.indices.map { row in
        let prediction = predictions[index * rows.count + row]
        let (quantity, value, weight) = measured[row]
        return weight.squareRoot() * logarithm(max(prediction.value(of: quantity), 1e-12) / value)
      }
    }
  }

  private func requests(settings: [String]) throws(CalibrationError) -> [Simulations.Request] {
    var models: [[String]: (HardwareModel, String)] = [:]
    var requests: [Simulations.Request] = []
    for row in rows {
      let overrides = simulations.rows[row].overrides
      if models[overrides] == nil { models[overrides] = try machine(settings + overrides, of: row) }
      guard let (model, digest) = models[overrides] else { continue }
      requests.append(Simulations.Request(row: row, model: model, digest: digest))
    }
    return requests
  }

  private func machine(
    _ settings: [String], of row: Int
  ) throws(CalibrationError) -> (HardwareModel, String) {
    do throws(HardwareError) {
      let model = try template.model(settings)
      return (model, model.fingerprint)
    } catch {
      throw CalibrationError(
        .badInput,
        error.diagnostics.map { finding in
          var finding = finding
          if finding.place.line == 0 { finding.place = simulations.rows[row].place }
          return finding
        })
    }
  }
}
