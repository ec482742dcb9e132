import ArgumentParser
import Formats
import Measures
import Search

/// Random search, evolution and local search in the table of NAS-Bench-201: searched by validation, judged by test.
struct QueriesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "queries")

  @OptionGroup var data: DataOptions
  @Option var runs = 500

  func run() throws {
    let columns = ["c10", "c100", "in16"].flatMap { ["\($0)_val200_mean", "\($0)_test200"] }
    let values = try data.columns("nb201/nb201_accuracy.csv.gz", columns)
    let strategies: [(name: String, make: (RandomStream) -> any Strategy)] = [
      ("random", { RandomSearch(space: NASBench201Space(), random: $0) }),
      (
        "regularized-evolution",
        { RegularizedEvolution(space: NASBench201Space(), populationSize: 10, sampleSize: 3, random: $0) }
      ),
      ("local-search", { LocalSearch(space: NASBench201Space(), random: $0) }),
      (
        "local-search, asking again",
        { LocalSearch(space: NASBench201Space(), asksAgain: true, random: $0) }
      ),
    ]
    var rows: [JSONValue] = []
    for (set, name) in ["c10", "c100", "in16"].enumerated() {
      for (strategy, make) in strategies {
        let found = (0..<runs).map { run in
          walk(make(RandomStream(seed: UInt64(run))), validation: values[2 * set], test: values[2 * set + 1])
        }
        for (place, trials) in Self.budgets.enumerated() {
          let tests = found.map { $0[place] }
          rows.append([
            "set": .string(name), "strategy": .string(strategy), "trials": .integer(trials),
            "mean": .number(tests.average), "deviation": .number(tests.deviation), "runs": .integer(runs),
          ])
        }
      }
    }
    JSONValue.object([.init("rows", .array(rows)), .init("optima", .integer(localOptima(values[0])))]).write()
  }

  private static let budgets = [50, 100, 200, 500]

  /// The test accuracy of the best cell by validation after each budget.
  private func walk(_ start: any Strategy, validation: [Double], test: [Double]) -> [Double] {
    var strategy = start
    var best = (validation: -Double.infinity, test: 0.0)
    var found: [Double] = []
    for trial in 1...(Self.budgets.last ?? 0) {
      guard let next = strategy.ask() else { break }
      let row = next.row
      if validation[row] > best.validation { best = (validation[row], test[row]) }
      strategy.tell(Trial(next, .scored(Score(scalar: validation[row]))))
      if Self.budgets.contains(trial) { found.append(best.test) }
    }
    return found
  }

  /// Cells that no change of one edge improves.
  private func localOptima(_ values: [Double]) -> Int {
    let space = NASBench201Space()
    return space.all.count { cell in
      space.neighbours(of: cell).allSatisfy { values[$0.row] < values[cell.row] }
    }
  }
}

extension Architecture {
  /// Its place in tables whose last choice runs fastest, of five options each.
  var row: Int { options.reduce(0) { 5 * $0 + $1 } }
}
