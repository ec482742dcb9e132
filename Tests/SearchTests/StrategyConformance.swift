import Measures
import Search
import Testing

/// What every strategy promises, for every one of them.
struct StrategyConformance {
  static let makers: [(name: String, make: @Sendable (any SearchSpace, RandomStream) -> any Strategy)] = [
    ("random", { RandomSearch(space: $0, random: $1) }),
    ("regularised evolution", { RegularizedEvolution(space: $0, random: $1) }),
    ("local search", { LocalSearch(space: $0, random: $1) }),
    ("NSGA-II", { NSGA2(space: $0, random: $1) }),
    ("Pareto mutation", { ParetoMutation(space: $0, random: $1) }),
  ]
  static let names = makers.map(\.name)

  private func strategy(_ name: String, in space: any SearchSpace, seed: UInt64) -> any Strategy {
    let maker = Self.makers.first { $0.name == name }
    return maker?.make(space, RandomStream(seed: seed))
      ?? RandomSearch(space: space, random: RandomStream(seed: seed))
  }

  private func score(_ architecture: Architecture) -> Score {
    let sum = Double(architecture.options.reduce(0, +))
    return Score(scalar: sum, losses: [-sum, Double(architecture.options[0])])
  }

  @Test(arguments: names) func `what is asked lies in the space`(name: String) throws {
    let space = PlainSpace([3, 1, 4, 2])
    var strategy = strategy(name, in: space, seed: 3)
    for _ in 0..<200 {
      let next = strategy.ask()
      let architecture = try #require(next)
      #expect(space.contains(architecture))
      strategy.tell(Trial(architecture, .scored(score(architecture))))
    }
  }

  @Test(arguments: names) func `every space can be searched`(name: String) throws {
    let spaces: [any SearchSpace] = [NASBench201Space(), DARTSSpace(), DARTSEdgeSpace(), MacroSpace()]
    for space in spaces {
      var strategy = strategy(name, in: space, seed: 4)
      for _ in 0..<60 {
        let next = strategy.ask()
        let architecture = try #require(next)
        #expect(space.contains(architecture))
        strategy.tell(Trial(architecture, .scored(score(architecture))))
      }
    }
  }

  @Test(arguments: names) func `the same seed and results give the same questions`(name: String) throws {
    let space = NASBench201Space()
    var runs: [[Architecture]] = []
    for _ in 0..<2 {
      var strategy = strategy(name, in: space, seed: 9)
      var asked: [Architecture] = []
      for _ in 0..<120 {
        let next = strategy.ask()
        let architecture = try #require(next)
        asked.append(architecture)
        strategy.tell(Trial(architecture, .scored(score(architecture))))
      }
      runs.append(asked)
    }
    #expect(runs[0] == runs[1])
    var other = strategy(name, in: space, seed: 10)
    let others = (0..<5).compactMap { _ in other.ask() }
    #expect(others != Array(runs[0].prefix(5)))
  }

  @Test(arguments: names) func `results may be late, out of order, and failures`(name: String) throws {
    let space = PlainSpace([4, 4, 4, 4])
    var strategy = strategy(name, in: space, seed: 5)
    var random = RandomStream(seed: 77)
    var running: [Architecture] = []
    for _ in 0..<400 {
      if running.count < 8, random.below(2) == 0 {
        let next = strategy.ask()
        running.append(try #require(next))
      } else if !running.isEmpty {
        let architecture = running.remove(at: random.below(running.count))
        strategy.tell(
          Trial(architecture, random.below(4) == 0 ? .failed : .scored(score(architecture))))
      }
    }
    let next = strategy.ask()
    #expect(next != nil)
  }

  @Test(arguments: names) func `a strategy goes on when every trial fails`(name: String) throws {
    var strategy = strategy(name, in: PlainSpace([3, 3]), seed: 2)
    for _ in 0..<100 {
      let next = strategy.ask()
      let architecture = try #require(next)
      strategy.tell(Trial(architecture, .failed))
    }
  }

  @Test(arguments: names) func `a space of one architecture is no trap`(name: String) throws {
    var strategy = strategy(name, in: PlainSpace([1, 1]), seed: 2)
    for _ in 0..<30 {
      let next = strategy.ask()
      let architecture = try #require(next)
      #expect(architecture.options == [0, 0])
      strategy.tell(Trial(architecture, .scored(Score(scalar: 1))))
    }
  }

  @Test(arguments: names.filter { $0 != "random" })
  func `a strategy finds more than chance on a smooth hill`(name: String) throws {
    // Each step towards one corner helps: 4,096 architectures, 100 trials.
    let space = PlainSpace(Array(repeating: 4, count: 6))
    func best(_ strategy: any Strategy) throws -> Double {
      var strategy = strategy
      var best = 0.0
      for _ in 0..<100 {
        let next = strategy.ask()
        let architecture = try #require(next)
        let score = score(architecture)
        best = max(best, score.scalar)
        strategy.tell(Trial(architecture, .scored(Score(scalar: score.scalar))))
      }
      return best
    }
    var (ours, chance) = (0.0, 0.0)
    for seed in 0..<20 {
      ours += try best(strategy(name, in: space, seed: UInt64(seed)))
      chance += try best(RandomSearch(space: space, random: RandomStream(seed: UInt64(seed) + 1000)))
    }
    #expect(ours > chance)
  }
}
