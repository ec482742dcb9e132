package import Measures

/// Evolution towards a whole front: ranks of domination, then the less crowded.
///
/// Parents are chosen by binary tournaments, children by crossover and mutation; after as many results as the population
/// has members the best of old and new survive. Source: Deb et al. 2002, doi:10.1109/4235.996017.
package struct NSGA2: Strategy {
  private let space: any SearchSpace
  private let populationSize: Int
  /// How likely each choice of a child is decided anew.
  private let mutationRate: Double
  private var random: RandomStream
  private var askedCount = 0
  /// The survivors, with their ranks.
  private var population: [Member] = []
  /// Results since the last selection.
  private var offspring: [Trial] = []

  private struct Member {
    var trial: Trial
    var rank: Int
    var crowding: Double
  }

  /// A mutation rate of nil is one choice of each child on average.
  package init(
    space: any SearchSpace, populationSize: Int = 20, mutationRate: Double? = nil, random: RandomStream
  ) {
    self.space = space
    self.populationSize = max(2, populationSize)
    self.mutationRate = mutationRate ?? 1 / Double(max(1, space.choices.count))
    self.random = random
  }

  package mutating func ask() -> Architecture? {
    askedCount += 1
    guard askedCount > populationSize, !population.isEmpty else { return space.sample(using: &random) }
    let (first, second) = (parent(), parent())
    var child = space.crossover(first, second, using: &random)
    for (index, choice) in space.choices.enumerated()
    where choice.options.count > 1 && random.uniform() < mutationRate {
      let other = random.below(choice.options.count - 1)
      child.options[index] = other < child.options[index] ? other : other + 1
    }
    return child
  }

  package mutating func tell(_ trial: Trial) {
    offspring.append(trial)
    guard offspring.count >= populationSize else { return }
    population = Self.survivors(of: population.map(\.trial) + offspring, count: populationSize)
    offspring = []
  }

  private mutating func parent() -> Architecture {
    let first = population[random.below(population.count)]
    let second = population[random.below(population.count)]
    let isFirst =
      first.rank == second.rank ? first.crowding >= second.crowding : first.rank < second.rank
    return (isFirst ? first : second).trial.architecture
  }

  private static func survivors(of trials: [Trial], count: Int) -> [Member] {
    let scored = trials.compactMap { trial in trial.score.map { (trial, $0) } }
    var result: [Member] = []
    for (rank, front) in DominationRanks.fronts(of: scored.map(\.1)).enumerated() where result.count < count {
      let crowding = DominationRanks.crowding(of: front.map { scored[$0].1.losses })
      let order = front.indices.sorted { (crowding[$0], -$0) > (crowding[$1], -$1) }
      result += order.prefix(count - result.count).map {
        Member(trial: scored[front[$0]].0, rank: rank, crowding: crowding[$0])
      }
    }
    return result
  }
}
