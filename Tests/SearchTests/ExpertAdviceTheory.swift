import Foundation
import Measures
import Search
import Testing

/// XNAS's weights against its theory: rates, regret, wipeout, late bloomers.
struct ExpertAdviceTheory {
  @Test func `the theory's rates are those of the paper's search`() {
    // 50 epochs of 25,000 samples, 6 normal and 2 reduction cells, 8 operations.
    let normal = ExponentiatedGradient.theoryRate(experts: 8, rounds: 50 * 25_000 * 6)
    let reduction = ExponentiatedGradient.theoryRate(experts: 8, rounds: 50 * 25_000 * 2)
    #expect(abs(normal - 7.45e-4) < 5e-7)
    #expect(abs(reduction - 1.29e-3) < 1e-6)
  }

  /// Rewards that do not know the mixture but try to mislead it.
  static let adversaries: [(name: String, reward: @Sendable (_ round: Int, _ expert: Int) -> Double)] = [
    ("noise", { round, expert in round &* 2_654_435_761 &* (expert + 7) % 1009 < 504 ? 1 : -1 }),
    ("turns", { round, expert in (round / 50) % 8 == expert ? 1 : -1 }),
    ("late bloomer", { round, expert in expert == (round < 500 ? 0 : 1) ? 1 : -1 }),
  ]

  @Test(arguments: adversaries.map(\.name)) func `regret stays below its bound`(name: String) throws {
    let adversary = try #require(Self.adversaries.first { $0.name == name })
    for rounds in [1000, 10_000] {
      let rate = ExponentiatedGradient.theoryRate(experts: 8, rounds: rounds)
      var mixture = ExponentiatedGradient(count: 8, rate: rate, horizon: rounds)
      var ledger = RegretLedger(count: 8)
      for round in 0..<rounds {
        let rewards = (0..<8).map { adversary.reward(round, $0) }
        ledger.book(weights: mixture.weights, rewards: rewards)
        mixture.update(rewards)
      }
      let bound = ExponentiatedGradient.regretBound(experts: 8, rounds: rounds)
      #expect(ledger.regret <= bound)
      // Stated: 64.5 and 203.9.
      #expect(abs(bound - (rounds == 1000 ? 64.5 : 203.9)) < 0.05)
    }
  }

  @Test(
    arguments: zip([0.05, 0.1, 0.2, 0.5, 1, 2], [0.976, 0.952, 0.909, 0.800, 0.667, 0.500]))
  func `a constant gap is wiped at the time that theory says`(gap: Double, share: Double) {
    let rounds = 10_000
    let rate = ExponentiatedGradient.theoryRate(experts: 2, rounds: rounds)
    var mixture = ExponentiatedGradient(count: 2, rate: rate, horizon: rounds)
    while mixture.isAlive[1], mixture.round < rounds { mixture.update([gap / 2, -gap / 2]) }
    #expect(abs(Double(mixture.round) / Double(rounds) - 2 / (2 + gap)) < 1e-3)
    #expect(abs(Double(mixture.round) / Double(rounds) - share) < 1e-3)
  }

  @Test func `the expert that is best in hindsight is never wiped`() {
    var random = RandomStream(seed: 4)
    var wipedCount = 0
    for _ in 0..<10_000 {
      let rounds = 20 + random.below(60)
      let count = 2 + random.below(4)
      var mixture = ExponentiatedGradient(
        count: count, rate: 0.1, bound: 0.5, horizon: rounds)
      let drift = (0..<count).map { _ in random.uniform() * 2 - 1 }
      var sums = Array(repeating: 0.0, count: count)
      for _ in 0..<rounds {
        let rewards = (0..<count).map { drift[$0] + random.uniform() * 2 - 1 }
        for expert in 0..<count { sums[expert] += min(max(rewards[expert], -0.5), 0.5) }
        mixture.update(rewards)
      }
      let best = sums.indices.max { sums[$0] < sums[$1] } ?? 0
      #expect(mixture.isAlive[best])
      wipedCount += mixture.isAlive.count { !$0 }
    }
    #expect(wipedCount > 5000)
  }

  @Test func `the best in hindsight is not wiped under a price of either sign`() {
    var random = RandomStream(seed: 9)
    var wipedCount = 0
    for _ in 0..<2000 {
      let rounds = 100 + random.below(200)
      let costs = (0..<4).map { _ in 2 * random.uniform() }
      var ascent = DualAscent(target: 1, rate: 0.05, damping: 0.5, largestPrice: 0.2, isEquality: true)
      let costBound = ascent.boundIncrease(costs)
      var mixture = ExponentiatedGradient(
        count: 4, rate: 0.1, bound: 0.1, costBound: costBound, horizon: rounds)
      var sums = Array(repeating: 0.0, count: 4)
      // From the middle on, what was dear is wanted.
      for round in 0..<rounds {
        let rewards = (0..<4).map { _ in random.uniform() * 2 - 1 }
        let penalties = ascent.penalties(costs)
        for expert in 0..<4 { sums[expert] += min(max(rewards[expert], -0.1), 0.1) - penalties[expert] }
        mixture.update(rounds: [rewards], penalties: penalties)
        ascent.update(expectedCost: 2 * round < rounds ? 2 : 0)
      }
      let best = sums.indices.max { sums[$0] < sums[$1] } ?? 0
      #expect(mixture.isAlive[best])
      wipedCount += mixture.isAlive.count { !$0 }
    }
    #expect(wipedCount > 1000)
  }

  /// Rounds until an operation that fell behind by `gap` leads again, once it is the better one by 0.2 a round.
  private func recovery(of start: any MixtureWeights, gap: Double) -> Int {
    var mixture = start
    func lead() -> Double { log(mixture.weights[0]) - log(mixture.weights[1]) }
    while lead() < gap { mixture.update([0.2, 0] + Array(repeating: -0.5, count: 6)) }
    var rounds = 0
    while lead() >= 0 {
      mixture.update([0, 0.2] + Array(repeating: -0.5, count: 6))
      rounds += 1
    }
    return rounds
  }

  @Test(arguments: zip([1.0, 2, 3, 4], [1448, 4432, 12179, 32880]))
  func `a late bloomer recovers many times faster than by softmax gradients`(gap: Double, rounds: Int) {
    let expert = recovery(
      of: ExponentiatedGradient(count: 8, rate: 0.02, horizon: 1_000_000, wipes: false), gap: gap)
    let gradient = recovery(of: SoftmaxGradient(count: 8, rate: 0.02), gap: gap)
    // 251, 501, 751 and 1,001: rounding decides over the last one.
    #expect(abs(expert - (Int(gap) * 250 + 1)) <= 1)
    #expect(abs(gradient - rounds) <= rounds / 100)
  }

  @Test func `weights stay finite over ten million rounds`() {
    let rounds = 10_000_000
    let rate = ExponentiatedGradient.theoryRate(experts: 8, rounds: rounds)
    var mixture = ExponentiatedGradient(count: 8, rate: rate, horizon: rounds, wipes: false)
    let block = Array(repeating: [1.0, -1, -1, -1, -1, -1, -1, -1], count: 10_000)
    for _ in 0..<(rounds / block.count) { mixture.update(rounds: block) }
    #expect(mixture.weights.allSatisfy { $0.isFinite })
    #expect(mixture.weights[0] == 1)
    #expect(mixture.round == rounds)
  }

  @Test func `rewards are clipped one by one, and the share is counted`() {
    var mixture = ExponentiatedGradient(count: 2, rate: 0.1, bound: 1, horizon: 100)
    mixture.update(rounds: [[3, -0.5], [0.5, -7]])
    #expect(abs(mixture.logWeights[0] - 0.15) < 1e-12)
    #expect(abs(mixture.logWeights[1] + 0.15) < 1e-12)
    #expect((mixture.clippedCount, mixture.rewardCount) == (2, 4))
    #expect(mixture.round == 2)
  }

  @Test func `known costs move rewards by their differences, and widen the margin of wiping`() {
    var mixture = ExponentiatedGradient(count: 3, rate: 0.1, bound: 1, costBound: 0.5, horizon: 100)
    // About their middle, 0.4, the penalties are −0.4, 0 and 0.4; a common 7 changes nothing.
    mixture.update(rounds: [[0, 0, 5]], penalties: [7, 7.4, 7.8])
    for (log, expected) in zip(mixture.logWeights, [0.04, 0, 0.06]) { #expect(abs(log - expected) < 1e-12) }
    mixture.update(rounds: [[0, 0, 0]], penalties: [0, 0, 10])
    for (log, expected) in zip(mixture.logWeights, [0.09, 0.05, 0.01]) {
      #expect(abs(log - expected) < 1e-12)
    }
    // With a margin of 2 η L (T − t) alone the last one would go a third earlier.
    func wipeTime(costBound: Double) -> Int {
      var mixture = ExponentiatedGradient(count: 2, rate: 0.1, bound: 1, costBound: costBound, horizon: 3000)
      while mixture.isAlive[1], mixture.round < 3000 { mixture.update(rounds: [[1, -1]]) }
      return mixture.round
    }
    #expect(wipeTime(costBound: 0) == 1501)
    #expect(wipeTime(costBound: 1) == 2001)
  }

  @Test func `at the theory's rate the bound of the regret is the theory's`() {
    let rate = ExponentiatedGradient.theoryRate(experts: 8, rounds: 1000, bound: 1.5)
    let mixture = ExponentiatedGradient(count: 8, rate: rate, bound: 1, costBound: 0.5, horizon: 1000)
    let theory = ExponentiatedGradient.regretBound(experts: 8, rounds: 1000, bound: 1.5)
    #expect(abs((mixture.regretBound ?? 0) - theory) < 1e-9)
    let unbounded = ExponentiatedGradient(count: 8, rate: rate, bound: .infinity, horizon: 1000, wipes: false)
    #expect(unbounded.regretBound == nil)
  }

  @Test func `behind the last round a leader is alone, and its strength still says how far it led`() {
    var random = RandomStream(seed: 8)
    for _ in 0..<200 {
      var mixture = ExponentiatedGradient(count: 8, rate: 0.05, horizon: 100)
      for _ in 0..<100 { mixture.update((0..<8).map { _ in 2 * random.uniform() - 1 }) }
      #expect(mixture.weights.max() == 1)
      let strengths = mixture.strengths
      let strongest = strengths.indices.max { strengths[$0] < strengths[$1] }
      #expect(strongest == mixture.strongest)
      #expect(strengths.allSatisfy { $0 < 1 } && abs(strengths.reduce(0, +) - 1) < 1e-12)
    }
  }

  @Test func `the entropy of equal weights is the logarithm of their number`() {
    #expect(abs(SoftmaxGradient(count: 8, rate: 1).entropy - log(8)) < 1e-12)
    #expect(SoftmaxGradient(logits: [0, -.infinity], rate: 1).entropy == 0)
  }
}
