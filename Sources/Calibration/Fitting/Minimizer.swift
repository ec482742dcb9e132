import CNLopt

/// A search without derivatives for the least value of a function in the unit cube, by the NLopt library.
struct Minimizer: Hashable, Sendable {
  /// How the search goes.
  enum Method: String, Hashable, Sendable, CaseIterable {
    /// Quadratic models in a trust region (Powell, DAMTP 2009/NA06).
    case bobyqa
    /// Linear models in a trust region (Powell, 1994).
    case cobyla
    /// A simplex that moves (Nelder and Mead, The Computer Journal 7(4), 1965, doi:10.1093/comjnl/7.4.308).
    case nelderMead = "nelder-mead"
    /// Simplices in subspaces (Rowan, The University of Texas at Austin, 1990), as NLopt has it.
    case sbplx
    /// A population all over the cube (Kaelo and Ali, JOTA 130, 2006, doi:10.1007/s10957-006-9101-0).
    case crs

    fileprivate var algorithm: nlopt_algorithm {
      switch self {
      case .bobyqa: NLOPT_LN_BOBYQA
      case .cobyla: NLOPT_LN_COBYLA
      case .nelderMead: NLOPT_LN_NELDERMEAD
      case .sbplx: NLOPT_LN_SBPLX
      case .crs: NLOPT_GN_CRS2_LM
      }
    }
  }

  var method: Method
  var mostEvaluations: Int
  /// The search ends where a step changes no coordinate by more.
  var tolerance = 2e-3
  /// The first step in each coordinate.
  var step = 0.15
  var seed: UInt64

  /// What a search found.
  struct Outcome: Hashable, Sendable {
    var point: [Double]
    var value: Double
    var evaluations: Int
    /// Whether it ended before its evaluations were used up.
    var hasConverged: Bool
  }

  /// Searches from a point of the unit cube; the best point seen is kept.
  ///
  /// - Throws: what `function` throws; the search ends there.
  func minimize<Failure: Error>(
    from start: [Double], _ function: ([Double]) throws(Failure) -> Double
  ) throws(Failure) -> Outcome {
    // BOBYQA needs two coordinates at least; one is searched with the other's method.
    let algorithm = start.count < 2 && method == .bobyqa ? NLOPT_LN_COBYLA : method.algorithm
    guard let search = nlopt_create(algorithm, UInt32(start.count)) else {
      preconditionFailure("NLopt does not create a search of \(start.count) coordinates")
    }
    defer { nlopt_destroy(search) }
    // The seed is the thread's own, so that searches side by side do not disturb each other.
    nlopt_srand(UInt(seed & 0x7FFF_FFFF))
    nlopt_set_lower_bounds1(search, 0)
    nlopt_set_upper_bounds1(search, 1)
    nlopt_set_xtol_abs1(search, tolerance)
    nlopt_set_ftol_rel(search, 1e-5)
    nlopt_set_maxeval(search, Int32(mostEvaluations))
    nlopt_set_initial_step1(search, step)
    return try withoutActuallyEscaping(function) { function throws(Failure) in
      let calls = Calls(function, search)
      nlopt_set_min_objective(
        search,
        { count, point, _, data in
          Unmanaged<AnyCalls>.fromOpaque(data!).takeUnretainedValue().value(
            at: Array(UnsafeBufferPointer(start: point, count: Int(count))))
        }, Unmanaged<AnyCalls>.passUnretained(calls).toOpaque())
      var point = start.map { min(1, max(0, $0)) }
      var value = 0.0
      let ending = nlopt_optimize(search, &point, &value)
      if let failure = calls.failure { throw failure }
      return Outcome(
        point: calls.best, value: calls.least, evaluations: calls.count,
        hasConverged: ending != NLOPT_MAXEVAL_REACHED && ending.rawValue > 0)
    }
  }
}

/// What NLopt calls back into; it keeps the best point, which some methods do not return when they are stopped.
private class AnyCalls {
  func value(at point: [Double]) -> Double { .infinity }
}

private final class Calls<Failure: Error>: AnyCalls {
  private let function: ([Double]) throws(Failure) -> Double
  private let search: nlopt_opt
  private(set) var failure: Failure?
  private(set) var best: [Double] = []
  private(set) var least = Double.infinity
  private(set) var count = 0

  init(_ function: @escaping ([Double]) throws(Failure) -> Double, _ search: nlopt_opt) {
    self.function = function
    self.search = search
  }

  override func value(at point: [Double]) -> Double {
    do throws(Failure) {
      let value = try function(point)
      count += 1
      if value < least || best.isEmpty {
        least = value
        best = point
      }
      return value
    } catch {
      failure = error
      nlopt_force_stop(search)
      return .infinity
    }
  }
}
