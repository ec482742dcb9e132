import Measures
import Testing

@testable import Calibration

/// The searches find minima that are known.
@Suite struct FittingTests {
  /// Hilbert's matrix of 3 × 3; singular values as NumPy 2.4 gives them.
  @Test func `singular values of a Hilbert matrix are those of NumPy`() {
    let hilbert = Matrix(
      columns: (0..<3).map { column in (0..<3).map { 1 / Double($0 + column + 1) } }, rows: 3)
    let values = SingularValues(hilbert).values
    for (value, expected) in zip(values, [1.408318927123654, 0.1223270658539059, 0.0026873403557735108]) {
      #expect(abs(value - expected) < 1e-13)
    }
    let x = SingularValues(hilbert).solution(hilbert.times([1, -2, 3]))
    for (found, expected) in zip(x, [1.0, -2, 3]) { #expect(abs(found - expected) < 1e-9) }
  }

  @Test(arguments: Minimizer.Method.allCases)
  func `each method of NLopt finds the minimum of a tilted bowl`(method: Minimizer.Method) {
    let minimizer = Minimizer(method: method, mostEvaluations: 3000, tolerance: 1e-7, seed: 1)
    let bowl = { (x: [Double]) -> Double in
      let (a, b) = (x[0] - 0.3, x[1] - 0.8)
      return a * a + 4 * b * b + a * b
    }
    let outcome = minimizer.minimize(from: [0.9, 0.1], bowl)
    #expect(abs(outcome.point[0] - 0.3) < 2e-3 && abs(outcome.point[1] - 0.8) < 2e-3)
    #expect(outcome.hasConverged)
    #expect(minimizer.minimize(from: [0.9, 0.1], bowl) == outcome, "the same seed gives the same search")
  }

  @Test func `a search that runs out of evaluations says so`() {
    let minimizer = Minimizer(method: .bobyqa, mostEvaluations: 6, tolerance: 1e-9, seed: 1)
    let outcome = minimizer.minimize(from: [0.9, 0.1]) { x in
      let valley = x[1] - x[0] * x[0]
      return (1 - x[0]) * (1 - x[0]) + 100 * valley * valley
    }
    #expect(!outcome.hasConverged)
  }

  @Test func `an error of the function ends the search and comes out`() {
    struct Broken: Error {}
    let minimizer = Minimizer(method: .bobyqa, mostEvaluations: 100, seed: 1)
    var calls = 0
    #expect(throws: Broken.self) {
      _ = try minimizer.minimize(from: [0.5, 0.5]) { _ throws(Broken) in
        calls += 1
        if calls > 3 { throw Broken() }
        return Double(calls)
      }
    }
  }

  /// The conditions of Karush, Kuhn and Tucker, on random problems.
  @Test func `bounded least squares leaves no slope but at bounds`() {
    var random = RandomStream(seed: 9)
    for _ in 0..<50 {
      let (rows, columns) = (3 + random.below(6), 1 + random.below(4))
      let matrix = Matrix(
        columns: (0..<columns).map { _ in (0..<rows).map { _ in random.uniform() - 0.3 } }, rows: rows)
      let target = (0..<rows).map { _ in random.uniform() * 2 - 1 }
      let lower = Array(repeating: 0.0, count: columns)
      let upper = Array(repeating: 0.7, count: columns)
      let x = BoundedLeastSquares(matrix: matrix, target: target, lower: lower, upper: upper)
        .solution(from: lower)
      let residual = zip(matrix.times(x), target).map { $0 - $1 }
      for column in 0..<columns {
        let slope = zip(matrix.column(column), residual).reduce(0) { $0 + $1.0 * $1.1 }
        if x[column] == 0 {
          #expect(slope > -1e-8)
        } else if x[column] == 0.7 {
          #expect(slope < 1e-8)
        } else {
          #expect(abs(slope) < 1e-8)
        }
      }
    }
  }

  @Test func `slopes show which parameters are not seen and which look alike`() {
    let jacobian = Matrix(
      columns: [[0.1, 0.2, 0.3], [0.2, 0.4, 0.601], [0.3, -0.1, 0.2], [0.0001, 0, 0]], rows: 3)
    let identifiability = Identifiability(jacobian)
    #expect(!identifiability.isSeen(3))
    #expect(identifiability.confusedPairs.map { [$0.0, $0.1] } == [[0, 1]])
    #expect(Identifiability.choice(jacobian, most: 4) == [1, 2])
    #expect(Identifiability.choice(jacobian, most: 1) == [1])
  }

  @Test func `Huber's loss joins square and distance without a step`() {
    let loss = Loss(knee: 0.1)
    #expect(abs(loss.cost(0.05) - 0.0025) < 1e-15)
    #expect(abs(loss.cost(0.1 + 1e-9) - 0.01) < 1e-9)
    #expect(abs(loss.cost(-1.1) - (0.01 + 2 * 0.1 * 1.0)) < 1e-12)
    #expect(Loss().cost(3) == 9)
  }

  @Test func `prices of actions come back from energies made of them`() {
    let parameters = [("mac", 1.0), ("byte", 2.0), ("clock", 0.0)].map { name, before in
      Parameter(
        key: "energy.\(name)", before: WrittenNumber(.energy, before), lower: WrittenNumber(.energy, 0),
        upper: WrittenNumber(.energy, 100), spread: 10, isLogarithmic: false)
    }
    let counts: [[Double]] = [[10, 1, 2], [3, 20, 2], [5, 5, 30], [7, 2, 9], [1, 1, 1]]
    let prices = [3.0, 0.5, 2.0]
    let energies = counts.map { zip($0, prices).reduce(4) { $0 + $1.0 * $1.1 } }
    let fit = EnergyFit(
      parameters: parameters, counts: counts, others: counts.map { _ in 4 }, measured: energies,
      weights: counts.map { _ in 1 }, priorWeight: 1e-6)
    for (found, price) in zip(fit.prices(), prices) { #expect(abs(found - price) < 1e-3) }
  }
}
