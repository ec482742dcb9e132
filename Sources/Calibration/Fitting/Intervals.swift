import Measures

/// Where parameters would lie had other rows of the same kind been measured.
struct Intervals: Sendable {
  var bootstrap: Bootstrap

  /// The range of each parameter in 95 of 100 resamples, between 0 and 1.
  ///
  /// A resample is fitted by one Gauss–Newton step from the best point, on the slopes there: exact for a linear model, and
  /// no further simulation.
  func places(
    of outcome: TimingFit.Outcome, _ problem: any FitProblem
  ) -> [ClosedRange<Double>] {
    let priors = Matrix.diagonal(problem.parameters.map { problem.priorWeight / $0.spread })
    let priorTargets = problem.priorResiduals(at: outcome.point).map { -$0 }
    let factors = outcome.residuals.map(problem.loss.factor)
    var places = problem.parameters.map { _ in [Double]() }
    for sample in bootstrap.samples(of: outcome.residuals.count) {
      let drawn = outcome.jacobian.selecting(rows: sample)
      let columns = (0..<drawn.columns).map { column in
        zip(drawn.column(column), sample).map { $0 * factors[$1] }
      }
      let matrix = Matrix(columns: columns, rows: sample.count).stacked(over: priors)
      let target = sample.map { -outcome.residuals[$0] * factors[$0] } + priorTargets
      let step = SingularValues(matrix).solution(target)
      for index in places.indices {
        places[index].append(min(1, max(0, outcome.point[index] + step[index])))
      }
    }
    return zip(places, outcome.point).map { values, point in
      values.isEmpty ? point...point : values.quantile(0.025)...values.quantile(0.975)
    }
  }
}
