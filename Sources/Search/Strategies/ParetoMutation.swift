package import Measures

/// Evolution whose parents are the trials that no other dominates.
///
/// A parent is drawn from the front, one of its choices is decided anew; architectures that compute the same are tried once.
/// It refines a front from any start, and needs no weights between the losses.
package struct ParetoMutation: Strategy {
  private let space: any SearchSpace
  private let startCount: Int
  /// What is asked for first.
  private let starts: [Architecture]
  private var random: RandomStream
  private var askedCount = 0
  private var front: [Trial] = []
  private var seen: Set<String> = []

  /// Begins with `startCount` random architectures.
  package init(space: any SearchSpace, startCount: Int = 10, random: RandomStream) {
    self.space = space
    self.startCount = max(1, startCount)
    self.random = random
    starts = []
  }

  /// Begins with given architectures, as they are and in their order.
  package init(space: any SearchSpace, starts: [Architecture], random: RandomStream) {
    self.space = space
    self.starts = starts
    self.random = random
    startCount = starts.count
  }

  package mutating func ask() -> Architecture? {
    askedCount += 1
    if askedCount <= starts.count {
      let start = starts[askedCount - 1]
      seen.insert(space.canonicalForm(of: start))
      return start
    }
    var candidate = proposal()
    // A small space may be known by heart: after a while something known is tried again.
    for _ in 0..<64 where seen.contains(space.canonicalForm(of: candidate)) { candidate = proposal() }
    seen.insert(space.canonicalForm(of: candidate))
    return candidate
  }

  private mutating func proposal() -> Architecture {
    guard askedCount > startCount, !front.isEmpty else { return space.sample(using: &random) }
    return space.mutation(of: front[random.below(front.count)].architecture, using: &random)
  }

  package mutating func tell(_ trial: Trial) {
    guard let score = trial.score, !front.contains(where: { $0.score?.dominates(score) ?? false }) else {
      return
    }
    front.removeAll { $0.score.map(score.dominates) ?? true }
    if !front.contains(where: { $0.score == score }) { front.append(trial) }
  }
}
