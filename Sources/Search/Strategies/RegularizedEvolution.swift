package import Measures

/// Evolution by mutation of the best of a sample, in which the oldest die.
///
/// Source: Real et al. 2019, arXiv:1802.01548, algorithm 1, with samples of different members.
package struct RegularizedEvolution: Strategy {
  /// Architectures that are alive.
  private let populationSize: Int
  /// Of how many different members the best is a parent.
  private let sampleSize: Int
  private let space: any SearchSpace
  private var random: RandomStream
  /// The living, oldest first.
  private var population: [Trial] = []
  private var askedCount = 0

  package init(
    space: any SearchSpace, populationSize: Int = 10, sampleSize: Int = 3, random: RandomStream
  ) {
    self.space = space
    self.populationSize = max(1, populationSize)
    self.sampleSize = max(1, sampleSize)
    self.random = random
  }

  package mutating func ask() -> Architecture? {
    askedCount += 1
    // Results may be late: then more of the start population is drawn rather than waited for.
    guard askedCount > populationSize, !population.isEmpty else { return space.sample(using: &random) }
    var best: Trial?
    var rest = Array(population.indices)
    for _ in 0..<min(sampleSize, rest.count) {
      let candidate = population[rest.remove(at: random.below(rest.count))]
      if best.map({ candidate.isBetter(than: $0) }) ?? true { best = candidate }
    }
    guard let best else { return space.sample(using: &random) }
    return space.mutation(of: best.architecture, using: &random)
  }

  package mutating func tell(_ trial: Trial) {
    population.append(trial)
    if population.count > populationSize { population.removeFirst() }
  }
}

extension Trial {
  /// Whether a trial is preferred to another; one that failed never is.
  func isBetter(than other: Trial) -> Bool {
    guard let score else { return false }
    guard let otherScore = other.score else { return true }
    return score.isBetter(than: otherScore)
  }
}
