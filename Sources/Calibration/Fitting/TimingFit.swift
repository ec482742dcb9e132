import Measures

/// Searches the values that bring predicted times closest to the measured ones.
struct TimingFit: Sendable {
  var problem: any FitProblem
  var options: FitOptions
  /// Says how far the search is: machines tried, and the typical error so far.
  var progress: @Sendable (Int, Double) -> Void

  /// What a fit found.
  struct Outcome: Sendable {
    var point: [Double]
    var residuals: [Double]
    var jacobian: Matrix
    var evaluations: Int
    var hasConverged: Bool
  }

  /// - Throws: ``CalibrationError`` of a simulation.
  func run() throws(CalibrationError) -> Outcome {
    var best = Minimizer.Outcome(
      point: problem.start, value: .infinity, evaluations: 0, hasConverged: false)
    if let method = options.method.minimizer {
      best = try descend(by: method)
    } else if options.method == .automatic {
      best = try SurrogateSearch(
        mostEvaluations: max(options.mostEvaluations / 2, options.mostEvaluations - polish),
        starts: options.starts, seed: options.seed
      ).minimize(problem) { progress($0, typicalError($1)) }
    } else if options.starts > 1 {
      best = try startingPoints().best
    }
    var evaluations = best.evaluations
    if options.method == .automatic || options.method == .leastSquares {
      let refined = try LevenbergMarquardt(
        mostEvaluations: max(polish, options.mostEvaluations - evaluations)
      ).minimize(problem, from: best.point)
      evaluations += refined.evaluations
      // A search of the whole cube that rested has found its point, whether or not steps from there did.
      if refined.value <= best.value {
        let hasRested = best.hasConverged || refined.hasConverged
        best = refined
        best.hasConverged = hasRested
      }
    }
    let residuals = try problem.residuals(at: [best.point])[0]
    progress(evaluations, typicalError(residuals))
    return Outcome(
      point: best.point, residuals: residuals,
      jacobian: try problem.jacobian(at: best.point, residuals: residuals), evaluations: evaluations,
      hasConverged: best.hasConverged)
  }

  /// Machines that the last steps may try: four of them, with the slopes at each.
  private var polish: Int { 4 * (problem.parameters.count + 4) }

  /// The best end of a local search from each of several points.
  private func descend(by method: Minimizer.Method) throws(CalibrationError) -> Minimizer.Outcome {
    let (points, first) = try startingPoints()
    var best = first
    var evaluations = first.evaluations
    let share = max(2 * problem.parameters.count + 2, options.mostEvaluations / 2 / points.count)
    for (index, start) in points.enumerated() {
      let minimizer = Minimizer(
        method: method, mostEvaluations: share, seed: options.seed &+ UInt64(index))
      var done = 0
      let outcome = try minimizer.minimize(from: start) { point throws(CalibrationError) in
        let residuals = try problem.residuals(at: [point])[0]
        done += 1
        progress(evaluations + done, typicalError(residuals))
        return problem.cost(residuals, at: point)
      }
      evaluations += outcome.evaluations
      if outcome.value < best.value { best = outcome }
    }
    best.evaluations = evaluations
    return best
  }

  /// The present values and the best of some points spread over the cube, and the best of them all.
  private func startingPoints() throws(CalibrationError) -> (points: [[Double]], best: Minimizer.Outcome) {
    let none = Minimizer.Outcome(
      point: problem.start, value: .infinity, evaluations: 0, hasConverged: false)
    guard options.starts > 1 else { return ([problem.start], none) }
    let count = max(options.starts, min(4 * problem.parameters.count, options.mostEvaluations / 5))
    var halton = HaltonPoints(
      dimensions: problem.parameters.count, random: RandomStream(seed: options.seed).child(1).child(0))
    let spread = [problem.start] + (0..<count).map { _ in halton.next() }
    let residuals = try problem.residuals(at: spread)
    let costs = zip(residuals, spread).map { problem.cost($0, at: $1) }
    let order = spread.indices.sorted { (costs[$0], $0) < (costs[$1], $1) }
    progress(spread.count, typicalError(residuals[order[0]]))
    let others = order.filter { $0 > 0 }.prefix(options.starts - 1).map { spread[$0] }
    return (
      [problem.start] + others,
      Minimizer.Outcome(
        point: spread[order[0]], value: costs[order[0]], evaluations: spread.count, hasConverged: false)
    )
  }

  private func typicalError(_ residuals: [Double]) -> Double {
    residuals.map { abs(exponential($0) - 1) }.mean
  }
}
