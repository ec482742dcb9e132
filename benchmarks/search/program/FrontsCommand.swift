import ArgumentParser
import Formats
import Foundation
import Measures
import Search

/// Fronts of test error and cost on the devices of the table, how well costs add up, and how near searches come.
struct FrontsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "fronts")

  @OptionGroup var data: DataOptions
  @Option var runs = 100

  func run() throws {
    let accuracy = try data.columns("nb201/nb201_accuracy.csv.gz", ["c10_test200", "c10_val200_mean"])
    let errors = accuracy[0].map { 100 - $0 }
    let devices = ["eyeriss", "fpga", "raspi4", "pixel3", "gold_6226", "titan_rtx_256"]
    let pi = ["pi5_litert_cifar100_lat_ms", "pi5_onnx_cifar100_lat_ms", "pi5_litert_cifar100_energy_mj"]
    let costs = try data.columns("nb201/nb201_hw_cost.csv.gz", devices.map { "help_\($0)_ms" } + pi)
    let fronts = zip(devices, costs).map { name, cost in
      let points = zip(cost, errors).map { [$0, $1] }
      // Equal points are one.
      let front = Set(ParetoFront(of: points).members.map { points[$0] })
      return [
        "device": .string(name), "points": .integer(front.count),
        "hypervolume": .number(Hypervolume(reference: [cost.max() ?? 0, 90]).of(points)),
        "determination": .number(determination(cost)),
      ] as JSONValue
    }
    let additivity = zip(pi, costs.suffix(pi.count)).map { name, cost in
      ["device": .string(name), "determination": .number(determination(cost))] as JSONValue
    }
    JSONValue.object([
      .init("fronts", .array(fronts)), .init("additivity", .array(additivity)),
      .init("coverage", .array(coverage(errors, accuracy[1], costs[0]))),
      .init(
        "sweeps",
        .array(
          zip(["eyeriss"] + pi, [costs[0]] + costs.suffix(pi.count)).map { name, cost in
            [
              "device": .string(name),
              "table": .number(sweep(errors, accuracy[1], cost, isFitted: true)),
              "marginals": .number(sweep(errors, accuracy[1], cost, isFitted: false)),
            ]
          })),
    ]).write()
  }

  private func determination(_ cost: [Double]) -> Double {
    fitted(cost, to: Array(NASBench201Space().all))?.determination ?? .nan
  }

  private func fitted(_ cost: [Double], to cells: [Architecture]) -> CostTable? {
    CostTable.fitted(to: cells.map { ($0, cost[$0.row]) }, radices: Array(repeating: 5, count: 6))
  }

  /// The share of the hypervolume up to 20 % error and the largest cost.
  private func share(_ cells: Set<Int>, _ errors: [Double], _ cost: [Double]) -> Double {
    let volume = Hypervolume(reference: [cost.max() ?? 0, 20])
    let points = zip(cost, errors).map { [$0, $1] }
    return volume.of(cells.sorted().map { points[$0] }) / volume.of(points)
  }

  /// The cells of sixteen prices on the cost, from none to the whole range of accuracy.
  private func sweep(_ errors: [Double], _ validation: [Double], _ cost: [Double], isFitted: Bool) -> Double {
    let radices = Array(repeating: 5, count: 6)
    let quality = MultilinearOracle(radices: radices, values: validation.map { $0 / 100 })
    let exact = MultilinearOracle(radices: radices, values: cost)
    let most = cost.max() ?? 1
    var random = RandomStream(seed: 1)
    let space = NASBench201Space()
    let table = fitted(cost, to: (0..<600).map { _ in space.sample(using: &random) })
    var cells: Set<Int> = []
    for step in 0..<16 {
      // 0, then from 0.005 to 1 by equal ratios.
      let price = step == 0 ? 0 : 0.005 * pow(200, Double(step - 1) / 14)
      var mixtures = Array(
        repeating: ExponentiatedGradient(count: 5, rate: 10, bound: .infinity, horizon: 400, wipes: false),
        count: 6)
      for _ in 0..<400 {
        let weights = mixtures.map(\.weights)
        let rewards = quality.marginals(weights)
        let costs = isFitted ? table?.costs ?? [] : exact.marginals(weights)
        for choice in 0..<6 {
          mixtures[choice].update(zip(rewards[choice], costs[choice]).map { $0 - price * $1 / most })
        }
      }
      cells.insert(Architecture(mixtures.map(\.strongest)).row)
    }
    return share(cells, errors, cost)
  }

  /// How much of the hypervolume searches of validation error and cost cover, as test error.
  private func coverage(_ errors: [Double], _ validation: [Double], _ cost: [Double]) -> [JSONValue] {
    let strategies: [(name: String, make: (RandomStream) -> any Strategy)] = [
      ("random", { RandomSearch(space: NASBench201Space(), random: $0) }),
      ("pareto-mutation", { ParetoMutation(space: NASBench201Space(), startCount: 20, random: $0) }),
      ("nsga2", { NSGA2(space: NASBench201Space(), populationSize: 20, random: $0) }),
    ]
    return strategies.flatMap { name, make in
      [100, 300].map { budget in
        let shares = (0..<runs).map { run in
          var strategy = make(RandomStream(seed: UInt64(run)))
          var cells: Set<Int> = []
          for _ in 0..<budget {
            guard let next = strategy.ask() else { break }
            cells.insert(next.row)
            strategy.tell(
              Trial(
                next,
                .scored(
                  Score(
                    scalar: validation[next.row], losses: [100 - validation[next.row], cost[next.row]]))))
          }
          return share(cells, errors, cost)
        }
        return [
          "strategy": .string(name), "trials": .integer(budget), "mean": .number(shares.average),
          "deviation": .number(shares.deviation),
        ]
      }
    }
  }
}
