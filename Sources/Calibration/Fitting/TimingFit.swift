import Measures

/// Searches the values that bring predicted times closest to the measured ones.
struct TimingFit: Sendable {
  var problem: TimingProblem
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
    let starts = try startingPoints()
    var evaluations = starts.evaluations
    var best = Minimizer.Outcome(
      point: problem.start, value: .infinity, evaluations: 0, hasConverged: false)
    if let method = options.method.minimizer {
      let share = max(2 * problem.parameters.count + 2, options.mostEvaluations / 2 / starts.points.count)
      for (index, start) in starts.points.enumerated() {
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
    } else {
      best.point = starts.points[0]
    }
    if options.method == .automatic || options.method == .leastSquares {
      let polish = try LevenbergMarquardt(
        mostEvaluations: max(
          4 * (problem.parameters.count + 4), options.mostEvaluations - evaluations)
      ).minimize(problem, from: best.point)
      evaluations += polish.evaluations
      if polish.value <= best.value { best = polish }
    }
    let residuals = try problem.residuals(at: [best.point])[0]
    progress(evaluations, typicalError(residuals))
    return Outcome(
      point: best.point, residuals: residuals,
      jacobian: try problem.jacobian(at: best.point, residuals: residuals), evaluations: evaluations,
      hasConverged: best.hasConverged)
  }

  /// The present values, and the best of some points spread over the cube (a Latin hypercube; McKay, Beckman and Conover,
  /// Technometrics 21(2), 1979, doi:10.2307/1268522).
  private func startingPoints() throws(CalibrationError) -> (points: [[Double]], evaluations: Int) {
    guard options.starts > 1 else { return ([problem.start], 0) }
    let count = max(options.starts, min(4 * problem.parameters.count, options.mostEvaluations / 5))
    var random = RandomStream(seed: options.seed).child(1)
    var spread = Array(repeating: [Double](), count: count)
    for _ in problem.parameters {
      var places = Array(0..<count)
      for index in places.indices.dropLast() {
        places.swapAt(index, index + random.below(count - index))
      }
      for index in spread.indices {
        spread[index].append((Double(places[index]) + random.uniform()) / Double(count))
      }
    }
    let residuals = try problem.residuals(at: spread)
    let costs = zip(residuals, spread).map { problem.cost($0, at: $1) }
    let order = spread.indices.sorted { (costs[$0], $0) < (costs[$1], $1) }
    progress(count, typicalError(residuals[order[0]]))
    return ([problem.start] + order.prefix(options.starts - 1).map { spread[$0] }, count)
  }

  private func typicalError(_ residuals: [Double]) -> Double {
    residuals.map { abs(exponential($0) - 1) }.mean
  }
}
