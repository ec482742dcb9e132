import Measures

/// What a fit of times searches: parameters between 0 and 1, and for each row how far prediction and measurement lie apart.
protocol FitProblem: Sendable {
  var parameters: [Parameter] { get }
  var loss: Loss { get }
  /// How much a parameter's distance from its prior value counts, as an error of one row.
  var priorWeight: Double { get }

  /// The weighted residuals of several points, in log units, one for each row.
  ///
  /// - Throws: ``CalibrationError`` of a simulation.
  func residuals(at points: [[Double]]) throws(CalibrationError) -> [[Double]]
}

extension FitProblem {
  /// Where the parameters stood before the fit.
  var start: [Double] { parameters.map { $0.place(of: $0.before.value) } }

  /// The point whose values are written in a machine for `point`: whole numbers, or four digits.
  func written(_ point: [Double]) -> [Double] {
    zip(parameters, point).map { $0.place(of: $0.value(at: $1).value) }
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
  ///
  /// - Throws: ``CalibrationError`` of a simulation.
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
      guard size != 0 else { return Array(repeating: 0, count: residuals.count) }
      return zip(values[index], residuals).map { ($0 - $1) / size }
    }
    return Matrix(columns: columns, rows: residuals.count)
  }
}
