/// Least squares by damped Gauss–Newton steps within the unit cube.
///
/// Source: Marquardt, SIAM 11(2), 1963, doi:10.1137/0111030. Huber's loss enters by reweighting the rows in each step.
struct LevenbergMarquardt: Hashable, Sendable {
  var mostEvaluations: Int

  /// Steps from a point while they lower the cost.
  ///
  /// - Throws: ``CalibrationError`` of a simulation.
  func minimize(_ problem: any FitProblem, from start: [Double]) throws(CalibrationError) -> Minimizer.Outcome
  {
    var point = start
    var residuals = try problem.residuals(at: [point])[0]
    var cost = problem.cost(residuals, at: point)
    var evaluations = 1
    var damping = 1e-3
    var hasConverged = false
    while evaluations + problem.parameters.count < mostEvaluations, !hasConverged {
      let jacobian = try problem.jacobian(at: point, residuals: residuals)
      evaluations += problem.parameters.count
      let system = weighted(jacobian, residuals, problem, at: point)
      let decomposition = SingularValues(system.matrix)
      var wasAccepted = false
      // Steps of several lengths are simulated side by side.
      for _ in 0..<2 where evaluations < mostEvaluations {
        let dampings = [damping * 0.1, damping * 3, damping * 100]
        let candidates = dampings.map { value -> [Double] in
          let scale = (decomposition.values.first ?? 1) * (decomposition.values.first ?? 1)
          let step = decomposition.solution(system.target, damping: value * scale)
          return zip(point, step).map { min(1, max(0, $0 + $1)) }
        }
        let values = try problem.residuals(at: candidates)
        evaluations += candidates.count
        let costs = zip(values, candidates).map { problem.cost($0, at: $1) }
        if let best = costs.indices.min(by: { costs[$0] < costs[$1] }), costs[best] < cost {
          hasConverged = cost - costs[best] < 1e-3 * cost
          (point, residuals, cost) = (candidates[best], values[best], costs[best])
          damping = max(dampings[best], 1e-7)
          wasAccepted = true
          break
        }
        damping *= 1000
      }
      if !wasAccepted { hasConverged = true }
    }
    return Minimizer.Outcome(point: point, value: cost, evaluations: evaluations, hasConverged: hasConverged)
  }

  private func weighted(
    _ jacobian: Matrix, _ residuals: [Double], _ problem: any FitProblem, at point: [Double]
  ) -> (matrix: Matrix, target: [Double]) {
    let factors = residuals.map(problem.loss.factor)
    let columns = (0..<jacobian.columns).map { zip(jacobian.column($0), factors).map { $0 * $1 } }
    let priors = Matrix.diagonal(problem.parameters.map { problem.priorWeight / $0.spread })
    return (
      Matrix(columns: columns, rows: residuals.count).stacked(over: priors),
      zip(residuals, factors).map { -$0 * $1 } + problem.priorResiduals(at: point).map { -$0 }
    )
  }
}
