import Formats
import Hardware

/// The fit of times: parameters between 0 and 1, and for each row the log of predicted over measured.
struct TimingProblem: Sendable {
  var template: HardwareTemplate
  var parameters: [Parameter]
  var simulations: Simulations
  /// Rows by index, with the measured quantity and value of each.
  var rows: [Int]
  var loss: Loss
  /// How much a parameter's distance from its prior value counts, as an error of one row.
  var priorWeight: Double

  private var measured: [(quantity: MeasuredQuantity, value: Double, weight: Double)] {
    rows.map { row in
      let measurement = simulations.rows[row]
      let observation = measurement.observations.first { $0.quantity.isTime }
      return (observation?.quantity ?? .latency, observation?.value ?? 1, measurement.weight)
    }
  }

  /// Where the parameters stood before the fit.
  var start: [Double] { parameters.map { $0.place(of: $0.before.value) } }

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

  /// How far parameters lie from where they stood, counted as errors of rows.
  func priorResiduals(at point: [Double]) -> [Double] {
    zip(zip(point, start), parameters).map { priorWeight * ($0.0 - $0.1) / $1.spread }
  }

  /// The cost of a point.
  func cost(_ residuals: [Double], at point: [Double]) -> Double {
    residuals.reduce(0) { $0 + loss.cost($1) } + priorResiduals(at: point).reduce(0) { $0 + $1 * $1 }
  }

  /// The slopes of all residuals in all parameters at a point, by steps that change the written values.
  func jacobian(
    at point: [Double], residuals: [Double], step: Double = 0.02
  ) throws(CalibrationError) -> Matrix {
    var points: [[Double]] = []
    for (index, parameter) in parameters.enumerated() {
      var moved = point
      let size = max(step, parameter.resolution * 1.0001)
      moved[index] += point[index] + size <= 1 ? size : -size
      points.append(moved)
    }
    let values = try self.residuals(at: points)
    let columns = parameters.indices.map { index -> [Double] in
      // Written values are rounded: the slope is over the step that was really made.
      let (from, to) = (
        parameters[index].value(at: point[index]).value,
        parameters[index].value(at: points[index][index]).value
      )
      let size = parameters[index].place(of: to) - parameters[index].place(of: from)
      guard size != 0 else { return Array(repeating: 0, count: rows.count) }
      return zip(values[index], residuals).map { ($0 - $1) / size }
    }
    return Matrix(columns: columns, rows: rows.count)
  }
}
