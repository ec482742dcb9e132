import Measures

/// A search of the whole cube that spends few simulations: each round asks the points at which a surrogate of the
/// residuals, known where machines were simulated, promises the least cost.
///
/// The cost of a machine has several optima and steps where the compiler chooses another tiling, which a search from one
/// point does not leave. Every row has a surrogate of its own, which is smoother than the sum of their squares.
/// Source: Regis and Shoemaker, INFORMS Journal on Computing 19(4), 2007, doi:10.1287/ijoc.1060.0182.
struct SurrogateSearch: Sendable {
  var mostEvaluations: Int
  /// Minima of the surrogate that are followed in each round, at most.
  var starts: Int
  var seed: UInt64
  /// Rounds in a row without progress after which the search rests.
  var patience = 4

  /// A machine that was simulated.
  private struct Sample {
    var point: [Double]
    var residuals: [Double]
    var cost: Double
  }

  /// Says how many machines were tried, and the residuals of the best.
  typealias Progress = (Int, [Double]) -> Void

  /// - Throws: ``CalibrationError`` of a simulation.
  func minimize(_ problem: any FitProblem, progress: Progress) throws(CalibrationError) -> Minimizer.Outcome {
    var random = RandomStream(seed: seed).child(1)
    var spread = HaltonPoints(dimensions: problem.parameters.count, random: random.child(0))
    var samples: [Sample] = []
    var idle = 0
    // The reach of steps around the best point, and how near to a known point is too near.
    var reach = 0.2
    try add(design(problem, &spread), to: &samples, problem, progress)
    while samples.count < mostEvaluations, idle < patience, let best = Self.best(of: samples) {
      let surrogate = RadialSurrogate(
        points: samples.map(\.point), values: samples.map(\.residuals))
      guard let surrogate else { break }
      let cost = { (point: [Double]) in problem.cost(surrogate.values(at: point), at: point) }
      var batch: [[Double]] = []
      func take(_ point: [Double], within distance: Double) {
        let point = problem.written(point)
        let isNew = !samples.contains { squaredDistance($0.point, point) < distance * distance }
        if isNew, !batch.contains(where: { squaredDistance($0, point) < distance * distance }) {
          batch.append(point)
        }
      }
      for point in minima(of: cost, samples, &spread) where batch.count < starts {
        take(point, within: reach / 20)
      }
      // Around the best: of many steps the one that promises most.
      let steps = (0..<60).map { _ in
        best.point.map { min(1, max(0, $0 + (2 * random.uniform() - 1) * reach)) }
      }
      for point in steps.map({ (cost($0), $0) }).sorted(by: { $0.0 < $1.0 }).prefix(2) {
        take(point.1, within: 1e-4)
      }
      // Somewhere else: of the better third of the cube the point of which least is known.
      let others = (0..<60).map { _ in spread.next() }.map { (cost($0), $0) }.sorted { $0.0 < $1.0 }
      if let far = others.prefix(20).max(by: { Self.distance($0.1, samples) < Self.distance($1.1, samples) })
      {
        take(far.1, within: 1e-4)
      }
      guard !batch.isEmpty else { break }
      try add(Array(batch.prefix(mostEvaluations - samples.count)), to: &samples, problem, progress)
      let found = Self.best(of: samples)?.cost ?? best.cost
      let isBetter = found < best.cost * (1 - 2e-3)
      idle = isBetter ? 0 : idle + 1
      if !isBetter { reach = max(0.01, reach / 2) }
    }
    let best = Self.best(of: samples)
    return Minimizer.Outcome(
      point: best?.point ?? problem.start, value: best?.cost ?? .infinity, evaluations: samples.count,
      hasConverged: samples.count < mostEvaluations)
  }

  /// The present values, and points all over the cube.
  private func design(_ problem: any FitProblem, _ spread: inout HaltonPoints) -> [[Double]] {
    let count = min(4 * problem.parameters.count + 4, max(problem.parameters.count + 2, mostEvaluations / 3))
    var points = [problem.written(problem.start)]
    for _ in 0..<count {
      let point = problem.written(spread.next())
      if !points.contains(point) { points.append(point) }
    }
    return points
  }

  private func add(
    _ points: [[Double]], to samples: inout [Sample], _ problem: any FitProblem, _ progress: Progress
  ) throws(CalibrationError) {
    for (point, residuals) in zip(points, try problem.residuals(at: points)) {
      samples.append(
        Sample(point: point, residuals: residuals, cost: problem.cost(residuals, at: point)))
    }
    if let best = Self.best(of: samples) { progress(samples.count, best.residuals) }
  }

  /// Local minima of the surrogate, the lowest first: from the best known points, and from some that are not known.
  private func minima(
    of cost: ([Double]) -> Double, _ samples: [Sample], _ spread: inout HaltonPoints
  ) -> [[Double]] {
    var seeds: [[Double]] = []
    let order = samples.indices.sorted { (samples[$0].cost, $0) < (samples[$1].cost, $1) }
    for index in order where seeds.count <= starts {
      let point = samples[index].point
      if !seeds.contains(where: { squaredDistance($0, point) < 0.01 }) { seeds.append(point) }
    }
    for _ in 0..<2 * starts { seeds.append(spread.next()) }
    let search = Minimizer(method: .bobyqa, mostEvaluations: 40 * seeds[0].count, tolerance: 1e-3, seed: seed)
    let found = seeds.map { search.minimize(from: $0, cost) }
    return found.indices.sorted { (found[$0].value, $0) < (found[$1].value, $1) }.map { found[$0].point }
  }

  private static func best(of samples: [Sample]) -> Sample? { samples.min { $0.cost < $1.cost } }

  private static func distance(_ point: [Double], _ samples: [Sample]) -> Double {
    samples.map { squaredDistance($0.point, point) }.min() ?? 0
  }
}
