import Foundation
import Measures
import Search
import Testing

/// From a measurement to a score.
struct Objectives {
  private func measurement(quality: Double = 0.9, seconds: Double, joules: Double = 0.01) -> Metrics {
    Metrics(quality: quality, latency: Seconds(seconds), energy: Joules(joules), peakPower: Watts(2))
  }

  @Test func `forms are those of their papers`() {
    #expect(ScalarForm.oneSidedAbsolute(strength: 0.1).applied(to: 0.9, ratio: 0.5) == 0.9)
    #expect(abs(ScalarForm.oneSidedAbsolute(strength: 0.1).applied(to: 0.9, ratio: 1.5) - 0.85) < 1e-12)
    #expect(abs(ScalarForm.absolute(strength: 0.1).applied(to: 0.9, ratio: 0.5) - 0.85) < 1e-12)
    #expect(
      abs(ScalarForm.mnasNetSoft(exponent: -0.07).applied(to: 0.8, ratio: 2) - 0.8 * pow(2, -0.07)) < 1e-12)
    #expect(ScalarForm.mnasNetHard(exponent: -1).applied(to: 0.8, ratio: 0.9) == 0.8)
    #expect(abs(ScalarForm.mnasNetHard(exponent: -1).applied(to: 0.8, ratio: 2) - 0.4) < 1e-12)
    #expect(
      abs(ScalarForm.proxylessNAS(exponent: 0.1).applied(to: 0.8, ratio: 2) - 0.8 * pow(0.5, 0.1)) < 1e-12)
  }

  @Test func `with MnasNet's soft form the target does not decide which network is best`() {
    let candidates = (1...50).map { measurement(quality: 0.5 + log(Double($0)) / 10, seconds: Double($0)) }
    let winners = [2.0, 10, 40].map { target in
      let objective = Objective(
        costs: [.init(.latency, target: target)], form: .mnasNetSoft(exponent: -0.07))
      return candidates.indices.max {
        objective.score(candidates[$0]).scalar < objective.score(candidates[$1]).scalar
      }
    }
    #expect(Set(winners).count == 1)
  }

  @Test func `average power is energy by latency`() {
    #expect(measurement(seconds: 0.005).averagePower == 2)
    #expect(
      AverageCost.excess(energies: [0.01, 0.002], times: [0.005, 0.002], limit: 1.5).map { $0 > 0 }
        == [true, false])
  }

  @Test func `limits that are exceeded come before everything else`() {
    let objective = Objective(
      costs: [.init(.latency, target: 0.004, limit: 0.01), .init(.energy)], leastQuality: 0.8)
    let allowed = objective.score(measurement(quality: 0.81, seconds: 0.009))
    let slow = objective.score(measurement(quality: 0.99, seconds: 0.011))
    let poor = objective.score(measurement(quality: 0.4, seconds: 0.001))
    #expect(allowed.violation == 0)
    #expect(abs(slow.violation - 0.1) < 1e-9)
    #expect(abs(poor.violation - 0.5) < 1e-9)
    #expect(allowed.isBetter(than: slow) && slow.isBetter(than: poor))
    #expect(allowed.dominates(slow) && !slow.dominates(allowed))
    #expect(allowed.losses == [-0.81, 0.009, 0.01])
  }

  @Test func `a quality that is no number is never allowed`() {
    let score = Objective(costs: []).score(measurement(quality: .nan, seconds: 1))
    #expect(score.violation == .infinity)
    #expect(Score(scalar: -1e9).isBetter(than: score))
  }

  @Test func `the price of a cost rises above its target and falls below it`() {
    var ascent = DualAscent(target: 2, rate: 0.1, largestPrice: 0.25, warmUp: 1)
    ascent.update(expectedCost: 4)
    #expect(ascent.price == 0)
    ascent.update(expectedCost: 4)
    #expect(abs(ascent.price - 0.1) < 1e-12)
    ascent.update(expectedCost: 1)
    #expect(abs(ascent.price - 0.05) < 1e-12)
    for _ in 0..<10 { ascent.update(expectedCost: 4) }
    #expect(ascent.price == 0.25)
    #expect(ascent.penalties([2, 4]) == [0.25, 0.5])
    #expect(ascent.boundIncrease([2, 4]) == 0.125)
    for _ in 0..<10 { ascent.update(expectedCost: 0) }
    #expect(ascent.price == 0)
  }

  @Test func `a price on a cost that is wanted at its target falls below zero, as far as it may rise`() {
    var ascent = DualAscent(target: 2, rate: 0.1, damping: 0.5, largestPrice: 0.25, isEquality: true)
    ascent.update(expectedCost: 1.8)
    // −0.1 · 0.1, and half of −0.1 on top.
    #expect(abs(ascent.multiplier + 0.01) < 1e-12)
    #expect(abs(ascent.price + 0.06) < 1e-12)
    #expect(ascent.penalties([1])[0] < 0)
    for _ in 0..<20 { ascent.update(expectedCost: 0) }
    #expect(ascent.price == -0.25 && ascent.multiplier == -0.25)
    ascent.update(expectedCost: 2)
    #expect(ascent.price == -0.25)
    for _ in 0..<20 { ascent.update(expectedCost: 4) }
    #expect(ascent.price == 0.25)
    #expect(ascent.boundIncrease([2, 4]) == 0.125)
    var held = DualAscent(target: 2, rate: 0.1, damping: 0.5)
    held.update(expectedCost: 1)
    #expect(held.price == 0)
    held.update(expectedCost: 3)
    #expect(abs(held.price - 0.3) < 1e-12)
  }

  @Test func `a checked table knows what costs that do not add up are on average`() throws {
    let space = PlainSpace([3, 3])
    // A product has no table.
    @Sendable func cost(_ architecture: Architecture) -> Double {
      Double((1 + architecture.options[0]) * (1 + architecture.options[1]))
    }
    let table = try #require(CostTable.fitted(to: space.all.map { ($0, cost($0)) }, radices: [3, 3]))
    let mixtures = [[0.9, 0.05, 0.05], [0.8, 0.1, 0.1]]
    let truth = (0.9 + 0.1 + 0.15) * (0.8 + 0.2 + 0.3)
    #expect(abs(table.expectation(mixtures) / truth - 1) > 0.2)
    let checked = CheckedCostTable(table, checks: 20_000) { cost($0) }
    let stream = RandomStream(seed: 3)
    let expected = try checked.expectation(of: mixtures, using: stream).cost
    #expect(abs((expected + (try checked.bias(at: mixtures, using: stream))) / truth - 1) < 0.02)
    #expect(try table.bias(at: mixtures, using: stream) == 0)
    #expect(checked.explainedShare == table.determination && table.explainedShare == table.determination)
  }

  @Test func `a cost table gives back costs that add up`() throws {
    let space = PlainSpace([3, 2, 4])
    func cost(_ architecture: Architecture) -> Double {
      let options = architecture.options
      return 5 + [0, 1, -2][options[0]] + [0, 0.5][options[1]] + [0, 3, 1, 2][options[2]]
    }
    let samples = space.all.map { ($0, cost($0)) }
    let table = try #require(CostTable.fitted(to: samples, radices: [3, 2, 4]))
    #expect(abs(table.determination - 1) < 1e-12)
    for (architecture, cost) in samples { #expect(abs(table.cost(of: architecture) - cost) < 1e-9) }
    let mixtures = [[0.2, 0.3, 0.5], [0.5, 0.5], [0.25, 0.25, 0.25, 0.25]]
    #expect(abs(table.expectation(mixtures) - (5 + 0.3 - 1 + 0.25 + 1.5)) < 1e-9)
  }

  @Test func `options that no sample takes cost as much as the first`() throws {
    let samples = [(Architecture([0, 0]), 1.0), (Architecture([1, 0]), 3), (Architecture([1, 0]), 3)]
    let table = try #require(CostTable.fitted(to: samples, radices: [3, 2]))
    #expect(abs(table.cost(of: Architecture([2, 1])) - 1) < 1e-9)
    #expect(abs(table.cost(of: Architecture([1, 1])) - 3) < 1e-9)
    #expect(CostTable.fitted(to: [], radices: [3, 2]) == nil)
  }
}
