import ArgumentParser
import Formats
import Measures
import Search

/// Mixtures that learn from exact rewards: the expected accuracy of the table, and the cost on a machine.
struct OracleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "oracle")

  @OptionGroup var data: DataOptions

  func run() throws {
    let accuracy = try data.columns(
      "nb201/nb201_accuracy.csv.gz", ["c10_val200_mean", "c10_test200", "idx"])
    let latency = try data.columns("nb201/nb201_hw_cost.csv.gz", ["help_eyeriss_ms"])[0]
    let table = Table(validation: accuracy[0], test: accuracy[1], index: accuracy[2], latency: latency)
    func expert(_ rate: Double) -> ExponentiatedGradient {
      ExponentiatedGradient(count: 5, rate: rate, bound: .infinity, horizon: 1, wipes: false)
    }
    let theory = ExponentiatedGradient.theoryRate(experts: 5, rounds: 400)
    let plain: [(String, any MixtureWeights, Int)] = [
      ("exponentiated gradient, rate 10", expert(10), 400),
      ("exponentiated gradient, rate 10", expert(10), 1000),
      ("exponentiated gradient, theory's rate", expert(theory), 400),
      ("softmax gradient, rate 10", SoftmaxGradient(count: 5, rate: 10), 400),
      ("Adam, rate 0.02", SoftmaxAdam(count: 5, rate: 0.02, decays: (0.9, 0.999), weightDecay: 0), 1000),
    ]
    let ends = plain.map { name, start, rounds in
      JSONValue.object(
        [.init("method", .string(name)), .init("rounds", .integer(rounds))]
          + table.members(table.ascended(start, rounds: rounds)))
    }
    let noisy: [(String, any MixtureWeights)] = [
      ("exponentiated gradient, rate 1", expert(1)), ("exponentiated gradient, rate 10", expert(10)),
      ("softmax gradient, rate 1", SoftmaxGradient(count: 5, rate: 1)),
      ("softmax gradient, rate 10", SoftmaxGradient(count: 5, rate: 10)),
      ("Adam, rate 0.02", SoftmaxAdam(count: 5, rate: 0.02, decays: (0.9, 0.999), weightDecay: 0)),
    ]
    let noise = noisy.map { name, start in
      let tests = (1...10).map { seed in
        table.test[table.ascended(start, rounds: 400, noise: 0.05, seed: UInt64(seed)).row]
      }
      return ["method": .string(name), "mean": .number(tests.average), "deviation": .number(tests.deviation)]
        as JSONValue
    }
    let sweep = [0, 0.02, 0.05, 0.1, 0.15, 0.2, 1].map { price in
      JSONValue.object(
        [.init("price", .number(price))]
          + table.members(table.ascended(expert(10), rounds: 400, price: price)))
    }
    let aims = [2.5, 3.5, 4.5, 5.5, 6.5, 7.5]
    let targets = aims.map { table.held(to: $0) }
    let damped = [false, true].flatMap { isFast in
      aims.map { table.held(to: $0, isDamped: true, preference: isFast ? 0.05 : 0) }
    }
    JSONValue.object([
      .init("ends", .array(ends)), .init("noise", .array(noise)), .init("sweep", .array(sweep)),
      .init("targets", .array(targets)), .init("damped", .array(damped)),
    ]).write()
  }

  /// The numbers of all cells in the order of the space.
  private struct Table {
    let validation: [Double]
    let test: [Double]
    let index: [Double]
    let latency: [Double]
    let quality: MultilinearOracle
    let cost: MultilinearOracle

    init(validation: [Double], test: [Double], index: [Double], latency: [Double]) {
      self.validation = validation
      self.test = test
      self.index = index
      self.latency = latency
      let radices = Array(repeating: 5, count: 6)
      let most = latency.max() ?? 1
      quality = MultilinearOracle(radices: radices, values: validation.map { $0 / 100 })
      cost = MultilinearOracle(radices: radices, values: latency.map { $0 / most })
    }

    func members(_ cell: Architecture) -> [JSONValue.Member] {
      [
        .init("cell", .string(NASBench201Space().text(of: cell))),
        .init("index", .integer(Int(index[cell.row]))), .init("test", .number(test[cell.row])),
        .init("latency_ms", .number(latency[cell.row])),
      ]
    }

    /// The cell that mixtures stand for after rounds of exact rewards, less a price times the cost, with noise on both.
    func ascended(
      _ start: any MixtureWeights, rounds: Int, price: Double = 0, noise: Double = 0, seed: UInt64 = 0
    ) -> Architecture {
      var mixtures = Array(repeating: start, count: 6)
      var random = RandomStream(seed: seed)
      for _ in 0..<rounds {
        let weights = mixtures.map(\.weights)
        let rewards = quality.marginals(weights)
        let costs = price > 0 ? cost.marginals(weights) : []
        for choice in 0..<6 {
          mixtures[choice].update(
            (0..<5).map { option in
              let disturbance = noise > 0 ? noise * random.normal() : 0
              return rewards[choice][option] - (price > 0 ? price * costs[choice][option] : 0) + disturbance
            })
        }
      }
      return Architecture(mixtures.map(\.strongest))
    }

    /// A run held to a latency by dual ascent, and what the repair makes of it.
    ///
    /// - Parameters:
    ///   - isDamped: Whether the ascent is damped and wants the target from both sides.
    ///   - preference: What the largest latency takes from rewards, so that fast cells win by themselves.
    func held(to target: Double, isDamped: Bool = false, preference: Double = 0) -> JSONValue {
      let most = latency.max() ?? 1
      var mixtures = Array(
        repeating: ExponentiatedGradient(
          count: 5, rate: 10, bound: .infinity, costBound: .infinity, horizon: 600, wipes: false),
        count: 6)
      var ascent =
        isDamped
        ? DualAscent(target: target, rate: 20 / 600, damping: 1.5, largestPrice: 0.5, isEquality: true)
        : DualAscent(target: target, rate: 0.02, largestPrice: 1)
      for _ in 0..<600 {
        let weights = mixtures.map(\.weights)
        let (rewards, costs) = (quality.marginals(weights), cost.marginals(weights))
        for choice in 0..<6 {
          let penalties = ascent.penalties(costs[choice].map { $0 * most })
          let wanted = zip(rewards[choice], costs[choice]).map { $0 - preference * $1 }
          mixtures[choice].update(rounds: [wanted], penalties: penalties)
        }
        ascent.update(expectedCost: cost.expectation(weights) * most)
      }
      let weights = mixtures.map(\.weights)
      let found = Architecture(mixtures.map(\.strongest))
      let space = NASBench201Space()
      let repaired = Repair(space: space, isPresent: weights.map { $0.map { _ in true } }).repaired(
        found, mixtures: weights
      ) {
        let ratio = latency[$0.row] / target
        return Repair.Standing(excess: ratio, shortfall: isDamped ? 1 - ratio : 0)
      }
      let allowed = (0..<validation.count).filter { latency[$0] <= target }
      let best = allowed.reduce(allowed[0]) { validation[$1] > validation[$0] ? $1 : $0 }
      return [
        "target_ms": .number(target), "preference": .number(preference), "price": .number(ascent.price),
        "expected_ms": .number(cost.expectation(weights) * most),
        "found": .object(members(found)), "repaired": .object(members(repaired)),
        "best_test": .number(test[best]),
      ]
    }
  }
}

extension RandomStream {
  /// A number of the standard normal distribution, by the sum of twelve uniform ones less six.
  ///
  /// Its tails end at ±6, far beyond what a disturbance needs.
  mutating func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + uniform() } }
}
