import Measures
import Testing

@testable import Calibration

/// The search of whole ranges finds optima that searches from a few points miss.
@Suite struct SurrogateSearchTests {
  /// Rows whose times have two optima: a wide one around the present values, 10 % off, and a narrow, exact one elsewhere.
  ///
  /// That is how the cost of a machine looks where another way to spend time, a slower memory, say, explains the rows
  /// better than the one that is written.
  private struct TwoBasins: FitProblem {
    var parameters: [Parameter] = [
      Parameter(
        key: "dma.clock", before: WrittenNumber(.frequency, 280e6), lower: WrittenNumber(.frequency, 60e6),
        upper: WrittenNumber(.frequency, 320e6), spread: 0.5, isLogarithmic: true),
      Parameter(
        key: "vector.lanes", before: WrittenNumber(.whole, 16), lower: WrittenNumber(.whole, 4),
        upper: WrittenNumber(.whole, 64), spread: 0.5, isLogarithmic: false),
      Parameter(
        key: "sequencer.layer", before: WrittenNumber(.cycles, 2000), lower: WrittenNumber(.cycles, 0),
        upper: WrittenNumber(.cycles, 20_000), spread: 0.5, isLogarithmic: false),
    ]
    var loss = Loss()
    var priorWeight = 0.0
    /// 130 MHz, 40 lanes, 13,000 cycles.
    let exact = [0.462, 0.6, 0.65]

    func residuals(at points: [[Double]]) throws(CalibrationError) -> [[Double]] {
      points.map { point in
        let point = written(point)
        return (0..<6).map { row in
          let weights = point.indices.map { 1 + 0.5 * Double((row + $0) % 3) }
          func length(_ from: [Double]) -> Double {
            zip(weights, zip(point, from)).reduce(0) { sum, term in
              let step = term.0 * (term.1.0 - term.1.1)
              return sum + step * step
            }
          }
          return min(0.1 + length(start), 3 * length(exact))
        }
      }
    }
  }

  private func fit(_ method: FitOptions.Method, seed: UInt64 = 0) throws -> TimingFit.Outcome {
    try TimingFit(
      problem: TwoBasins(),
      options: FitOptions(method: method, mostEvaluations: 120, starts: 3, seed: seed),
      progress: { _, _ in }
    ).run()
  }

  @Test(arguments: 0..<8)
  func `the better of two optima is found from wherever the search starts`(seed: UInt64) throws {
    let found = try fit(.automatic, seed: seed)
    #expect(found.residuals.allSatisfy { $0 < 0.02 }, "\(found.point)")
    #expect(found.hasConverged && found.evaluations <= 120)
    #expect(try fit(.automatic, seed: seed).point == found.point, "the same seed gives the same search")
  }

  @Test(arguments: [(FitOptions.Method.bobyqa, 1), (.leastSquares, 4)])
  func `searches from a few points end in the wider one, always or now and then`(
    method: FitOptions.Method, least: Int
  ) throws {
    let missed = try (0..<8).count { try fit(method, seed: $0).residuals.contains { $0 > 0.05 } }
    #expect(missed >= least)
  }

  @Test func `a surrogate goes through what is known, and through planes everywhere`() throws {
    var random = RandomStream(seed: 4)
    let points = (0..<30).map { _ in (0..<3).map { _ in random.uniform() } }
    let plane = { (x: [Double]) in 1 + 2 * x[0] - 3 * x[1] + 0.5 * x[2] }
    let wave = { (x: [Double]) in x[0] * x[1] + x[2] * x[2] }
    let surrogate = try #require(
      RadialSurrogate(points: points, values: points.map { [plane($0), wave($0)] }, smoothing: 0))
    for point in points { #expect(abs(surrogate.values(at: point)[1] - wave(point)) < 1e-9) }
    for _ in 0..<20 {
      let point = (0..<3).map { _ in random.uniform() }
      let values = surrogate.values(at: point)
      #expect(abs(values[0] - plane(point)) < 1e-9)
      #expect(abs(values[1] - wave(point)) < 0.2)
    }
    #expect(RadialSurrogate(points: [[0, 0, 0], [1, 1, 1]], values: [[1], [2]]) == nil)
  }

  /// In bases 2 and 3, without a shift: 1/2, 1/4, 3/4 … and 1/3, 2/3, 1/9 …; a shift keeps differences modulo 1.
  @Test func `points of Halton are his, moved by the seed`() {
    var sequence = HaltonPoints(dimensions: 2, random: RandomStream(seed: 7))
    let points = (0..<4).map { _ in sequence.next() }
    let expected: [[Double]] = [[0.5, 1.0 / 3], [0.25, 2.0 / 3], [0.75, 1.0 / 9], [0.125, 4.0 / 9]]
    for index in 1..<4 {
      for axis in 0..<2 {
        let found: Double = points[index][axis] - points[0][axis]
        let wanted: Double = expected[index][axis] - expected[0][axis]
        let apart: Double = (found - wanted + 2).truncatingRemainder(dividingBy: 1)
        #expect(min(apart, 1 - apart) < 1e-12)
      }
    }
    #expect(points.allSatisfy { $0.allSatisfy { (0..<1).contains($0) } })
  }
}
