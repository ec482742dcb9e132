import Foundation
import Measures
import Search
import Testing

/// Costs of NAS-Bench-201's cells on machines, whose fronts and trade-offs are known.
@Suite(.enabled(if: SearchData.has("nb201"), "no tables of NAS-Bench-201: set JOULERY_DATA"))
struct CostAnchors {
  static let costs = Result {
    try NASBench201Table(
      csv: SearchData.text("nb201/nb201_hw_cost.csv.gz"), file: "nb201_hw_cost.csv",
      columns: ["eyeriss", "fpga", "raspi4", "pixel3", "gold_6226", "titan_rtx_256"].map { "help_\($0)_ms" })
  }

  private func column(_ device: String) throws -> [Double] {
    try #require(try Self.costs.get().values("help_\(device)_ms"))
  }

  private func accuracy(_ name: String) throws -> [Double] {
    try #require(try SearchData.accuracies.get().values(name))
  }

  /// Hypervolume up to the largest cost and 90 % error, and R² of costs as sums over edges.
  @Test(
    arguments: [
      ("eyeriss", 738.436, 1.0), ("fpga", 627.279, 1.0), ("gold_6226", 1461.574, 0.978),
      ("raspi4", 8050.711, 0.905), ("pixel3", 2985.564, nil), ("titan_rtx_256", 3457.504, nil),
    ] as [(String, Double, Double?)])
  func `fronts and additivity are those that are known`(
    device: String, volume: Double, determination: Double?
  ) throws {
    let cost = try column(device)
    let points = zip(cost, try accuracy("c10_test200")).map { [$0, 100 - $1] }
    #expect(abs(Hypervolume(reference: [try #require(cost.max()), 90]).of(points) - volume) < 1e-3)
    guard let determination else { return }
    let samples = zip(NASBench201Space().all, cost).map { ($0, $1) }
    let table = try #require(CostTable.fitted(to: samples, radices: Array(repeating: 5, count: 6)))
    #expect(abs(table.determination - determination) < 1e-3)
  }

  /// Cells and test accuracies for a price on the cost relative to the largest.
  @Test(arguments: zip([0.02, 0.1, 1], [("323122", 94.31), ("301122", 93.36), ("001110", 86.80)]))
  func `a price on the cost leads to the known cells`(price: Double, found: (code: String, test: Double))
    throws
  {
    let (cost, validation) = (try column("eyeriss"), try accuracy("c10_val200_mean"))
    let most = try #require(cost.max())
    let radices = Array(repeating: 5, count: 6)
    let oracle = MultilinearOracle(
      radices: radices, values: zip(validation, cost).map { $0 / 100 - price * $1 / most })
    var mixtures = Array(
      repeating: ExponentiatedGradient(count: 5, rate: 10, bound: .infinity, horizon: 400, wipes: false),
      count: 6)
    for _ in 0..<400 {
      let marginals = oracle.marginals(mixtures.map(\.weights))
      for edge in 0..<6 { mixtures[edge].update(marginals[edge]) }
    }
    #expect(mixtures.map { "\($0.strongest)" }.joined() == found.code)
    let table = try SearchData.accuracies.get()
    let cell = try #require(NASBench201Space().architecture(found.code))
    let row = try #require(table.row(of: cell))
    #expect(abs(try #require(table.columns["c10_test200"])[row] - found.test) < 0.006)
  }

  /// Mixtures that have learnt for 600 rounds from exact rewards and the prices of their exact cost.
  private func searched(
    _ quality: MultilinearOracle, _ latency: MultilinearOracle, _ ascent: inout DualAscent
  ) -> [ExponentiatedGradient] {
    var mixtures = Array(
      repeating: ExponentiatedGradient(
        count: 5, rate: 10, bound: .infinity, costBound: .infinity, horizon: 600, wipes: false), count: 6)
    for _ in 0..<600 {
      let weights = mixtures.map(\.weights)
      let (rewards, costs) = (quality.marginals(weights), latency.marginals(weights))
      for edge in 0..<6 {
        mixtures[edge].update(rounds: [rewards[edge]], penalties: ascent.penalties(costs[edge]))
      }
      ascent.update(expectedCost: latency.expectation(weights))
    }
    return mixtures
  }

  @Test(arguments: zip([2.5, 5.5, 7.5], ["200122", "323122", "333132"]))
  func `dual ascent holds the expected latency to its target`(target: Double, code: String) throws {
    let (cost, validation) = (try column("eyeriss"), try accuracy("c10_val200_mean"))
    let radices = Array(repeating: 5, count: 6)
    let quality = MultilinearOracle(radices: radices, values: validation.map { $0 / 100 })
    let latency = MultilinearOracle(radices: radices, values: cost)
    var ascent = DualAscent(target: target)
    let mixtures = searched(quality, latency, &ascent)
    let weights = mixtures.map(\.weights)
    #expect(abs(latency.expectation(weights) / target - 1) < 0.026)
    #expect(mixtures.map { "\($0.strongest)" }.joined() == code)
    // Rounding to one cell may overshoot; the repair does not.
    let space = NASBench201Space()
    let found = Architecture(mixtures.map(\.strongest))
    let repaired = Repair(space: space, isPresent: weights.map { $0.map { _ in true } }).repaired(
      found, mixtures: weights
    ) { Repair.Standing(excess: cost[$0.options.reduce(0) { 5 * $0 + $1 }] / target) }
    #expect(cost[repaired.options.reduce(0) { 5 * $0 + $1 }] <= target)
    #expect(zip(found.options, repaired.options).count { $0 != $1 } <= 1)
  }

  /// A preference of 0.05 for fast cells keeps the latency far below all of these targets unless its price turns negative.
  @Test(arguments: [2.5, 3.5, 4.5, 5.5, 6.5, 7.5], [0, 0.05])
  func `damped dual ascent holds the expected latency to its target from both sides`(
    target: Double, preference: Double
  ) throws {
    let (cost, validation) = (try column("eyeriss"), try accuracy("c10_val200_mean"))
    let most = try #require(cost.max())
    let radices = Array(repeating: 5, count: 6)
    let quality = MultilinearOracle(
      radices: radices, values: zip(validation, cost).map { $0 / 100 - preference * $1 / most })
    let latency = MultilinearOracle(radices: radices, values: cost)
    func ends(isEquality: Bool) -> (expected: Double, price: Double, mixtures: [[Double]]) {
      var ascent = DualAscent(
        target: target, rate: 20 / 600, damping: 1.5, largestPrice: 0.5, isEquality: isEquality)
      let weights = searched(quality, latency, &ascent).map(\.weights)
      return (latency.expectation(weights), ascent.price, weights)
    }
    let held = ends(isEquality: true)
    #expect(abs(held.expected / target - 1) < 0.05)
    let free = ends(isEquality: false)
    #expect(free.expected < 1.05 * target && free.price >= 0)
    // Where the one-sided search stays below, only a negative price brings it up.
    if free.expected < 0.9 * target { #expect(held.price < 0) }
    let space = NASBench201Space()
    let found = Repair(space: space, isPresent: held.mixtures.map { $0.map { _ in true } }).repaired(
      space.architecture(of: held.mixtures, keepsZero: true), mixtures: held.mixtures
    ) {
      let ratio = cost[$0.options.reduce(0) { 5 * $0 + $1 }] / target
      return Repair.Standing(excess: ratio, shortfall: 1 - ratio)
    }
    let ratio = cost[found.options.reduce(0) { 5 * $0 + $1 }] / target
    #expect(ratio <= 1 && ratio >= 0.9)
  }

  @Test func `a repair goes down step by step where no neighbour fits, and stops at the cheapest`() {
    let space = PlainSpace([3, 3])
    let repair = Repair(space: space, isPresent: [[true, true, true], [true, true, true]])
    func cost(_ architecture: Architecture) -> Double { Double(architecture.options.reduce(1, +)) }
    func repaired(_ options: [Int], by repair: Repair, to target: Double, isEquality: Bool = false) -> [Int] {
      repair.repaired(Architecture(options), mixtures: [[0.1, 0.2, 0.7], [0.1, 0.3, 0.6]]) {
        let ratio = cost($0) / target
        return Repair.Standing(excess: ratio, shortfall: isEquality ? 1 - ratio : 0)
      }.options
    }
    // 5 → at most 2: one choice alone does not do.
    #expect(cost(Architecture(repaired([2, 2], by: repair, to: 2))) <= 2)
    #expect(repaired([0, 1], by: repair, to: 2) == [0, 1])
    #expect(repaired([2, 2], by: repair, to: 0.5) == [0, 0])
    let narrow = Repair(space: space, isPresent: [[false, true, true], [false, true, true]])
    #expect(repaired([2, 2], by: narrow, to: 2) == [1, 1])
    // From both sides: 1 → more than 3.6 and at most 4, liked best with the last option of the first choice.
    #expect(repaired([0, 0], by: repair, to: 4) == [0, 0])
    #expect(repaired([0, 0], by: repair, to: 4, isEquality: true) == [2, 1])
    // Nothing between 4.05 and 4.5: the target is not exceeded at least.
    #expect(repaired([0, 0], by: repair, to: 4.5, isEquality: true) == [2, 1])
  }
}
