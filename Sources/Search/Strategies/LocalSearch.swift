package import Measures

/// Hill climbing: neighbours of the present place are tried in random order; the first that is better is the next place.
///
/// Where no neighbour is better, the climb begins anew at random. Source: White et al. 2021, arXiv:2005.02960, the
/// variant that queries until there is an improvement.
package struct LocalSearch: Strategy {
  private let space: any SearchSpace
  private var random: RandomStream
  /// Where the climb is; nil before its first result.
  private var place: Trial?
  /// Neighbours of the place that were not asked for.
  private var waiting: [Architecture] = []
  /// Results that are still out, of this climb.
  private var pending: [Architecture: Int] = [:]
  private var seen: Set<Architecture> = []
  private let asksAgain: Bool

  /// - Parameter asksAgain: Whether neighbours that were tried in an earlier climb are tried again, each at the price of a
  ///   trial; published figures count so.
  package init(space: any SearchSpace, asksAgain: Bool = false, random: RandomStream) {
    self.space = space
    self.asksAgain = asksAgain
    self.random = random
  }

  package mutating func ask() -> Architecture? {
    if waiting.isEmpty, pending.isEmpty {
      // A summit, or the very beginning.
      place = nil
    }
    // While results of this climb are out, one more random place is no waste: it may be the start of a better climb.
    let next = waiting.popLast() ?? space.sample(using: &random)
    seen.insert(next)
    pending[next, default: 0] += 1
    return next
  }

  package mutating func tell(_ trial: Trial) {
    if let count = pending[trial.architecture] { pending[trial.architecture] = count > 1 ? count - 1 : nil }
    guard trial.score != nil, place.map({ trial.isBetter(than: $0) }) ?? true else { return }
    place = trial
    waiting = shuffled(space.neighbours(of: trial.architecture).filter { asksAgain || !seen.contains($0) })
  }

  private mutating func shuffled(_ architectures: [Architecture]) -> [Architecture] {
    var result = architectures
    for index in stride(from: result.count - 1, to: 0, by: -1) {
      result.swapAt(index, random.below(index + 1))
    }
    return result
  }
}
