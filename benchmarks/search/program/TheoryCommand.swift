import ArgumentParser
import Formats
import Foundation
import Measures
import Search

/// Expert advice against its theory: regret, wipeout, safety, late bloomers.
struct TheoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "theory")

  private static let experts = 8

  func run() throws {
    JSONValue.object([
      .init("regret", .array([1000, 10_000, 100_000].map(regret))),
      .init("wipeout", .array([0.05, 0.1, 0.2, 0.5, 1, 2].map(wipeout))),
      .init("safety", safety()),
      .init("late_bloomers", .array((1...6).map { lateBloomer(gap: Double($0)) })),
      .init("long_run", longRun()),
    ]).write()
  }

  /// The regret against adversaries, of which the last looks at the mixture.
  private func regret(rounds: Int) -> JSONValue {
    let rate = ExponentiatedGradient.theoryRate(experts: Self.experts, rounds: rounds)
    func regret(_ rewards: (Int, [Double]) -> [Double]) -> Double {
      var mixture = ExponentiatedGradient(count: Self.experts, rate: rate, horizon: rounds)
      var ledger = RegretLedger(count: Self.experts)
      for round in 0..<rounds {
        let weights = mixture.weights
        let given = rewards(round, weights)
        ledger.book(weights: weights, rewards: given)
        mixture.update(given)
      }
      return ledger.regret
    }
    var random = RandomStream(seed: 1)
    let experts = 0..<Self.experts
    return [
      "rounds": .integer(rounds),
      "bound": .number(ExponentiatedGradient.regretBound(experts: Self.experts, rounds: rounds)),
      "coins": .number(regret { _, _ in experts.map { _ in random.below(2) == 0 ? 1 : -1 } }),
      "turns": .number(regret { round, _ in experts.map { round / 50 % 8 == $0 ? 1 : -1 } }),
      "late_bloomer": .number(
        regret { round, _ in experts.map { $0 == (round < rounds / 2 ? 0 : 1) ? 1 : -1 } }),
      "against_the_leader": .number(
        regret { _, weights in
          let leader = weights.strongest
          return experts.map { $0 == leader ? -1 : 1 }
        }),
    ]
  }

  private func wipeout(gap: Double) -> JSONValue {
    let rounds = 100_000
    let rate = ExponentiatedGradient.theoryRate(experts: 2, rounds: rounds)
    var mixture = ExponentiatedGradient(count: 2, rate: rate, horizon: rounds)
    while mixture.isAlive[1], mixture.round < rounds { mixture.update([gap / 2, -gap / 2]) }
    return [
      "gap": .number(gap), "share": .number(Double(mixture.round) / Double(rounds)),
      "theory": .number(2 / (2 + gap)),
    ]
  }

  /// Random runs, in each of which the expert that is best in hindsight must be alive in the end.
  private func safety() -> JSONValue {
    var random = RandomStream(seed: 4)
    let runs = 10_000
    var (wiped, lost) = (0, 0)
    for _ in 0..<runs {
      let rounds = 20 + random.below(60)
      let count = 2 + random.below(7)
      let rate = ExponentiatedGradient.theoryRate(experts: count, rounds: rounds, bound: 0.5)
      var mixture = ExponentiatedGradient(count: count, rate: rate, bound: 0.5, horizon: rounds)
      let drift = (0..<count).map { _ in random.uniform() * 2 - 1 }
      var sums = Array(repeating: 0.0, count: count)
      for _ in 0..<rounds {
        let rewards = (0..<count).map { drift[$0] + random.uniform() * 2 - 1 }
        for expert in 0..<count { sums[expert] += min(max(rewards[expert], -0.5), 0.5) }
        mixture.update(rewards)
      }
      wiped += mixture.isAlive.count { !$0 }
      if !mixture.isAlive[sums.strongest] { lost += 1 }
    }
    return ["runs": .integer(runs), "wiped": .integer(wiped), "best_wiped": .integer(lost)]
  }

  /// Rounds until an operation that fell behind by a gap leads again, once it is the better one by 0.2 a round.
  private func lateBloomer(gap: Double) -> JSONValue {
    func recovery(of start: any MixtureWeights) -> Int {
      var mixture = start
      func lead() -> Double {
        let weights = mixture.weights
        return log(weights[0]) - log(weights[1])
      }
      let rest = Array(repeating: -0.5, count: Self.experts - 2)
      while lead() < gap { mixture.update([0.2, 0] + rest) }
      var rounds = 0
      while lead() >= 0 {
        mixture.update([0, 0.2] + rest)
        rounds += 1
      }
      return rounds
    }
    return [
      "gap": .number(gap),
      "expert": .integer(
        recovery(
          of: ExponentiatedGradient(count: Self.experts, rate: 0.02, horizon: 10_000_000, wipes: false))),
      "softmax_gradient": .integer(recovery(of: SoftmaxGradient(count: Self.experts, rate: 0.02))),
    ]
  }

  private func longRun() -> JSONValue {
    let rounds = 10_000_000
    let rate = ExponentiatedGradient.theoryRate(experts: Self.experts, rounds: rounds)
    var mixture = ExponentiatedGradient(count: Self.experts, rate: rate, horizon: rounds, wipes: false)
    let block = Array(repeating: [1.0] + Array(repeating: -1, count: Self.experts - 1), count: 10_000)
    for _ in 0..<(rounds / block.count) { mixture.update(rounds: block) }
    return [
      "rounds": .integer(rounds), "largest_log_weight": .number(mixture.logWeights.max() ?? .nan),
      "is_finite": .bool(mixture.weights.allSatisfy(\.isFinite)),
    ]
  }
}
