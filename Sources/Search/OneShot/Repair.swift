/// Brings an architecture to its targets by changing as few choices as it takes.
///
/// Mixtures keep costs to a target on average; the one architecture that they stand for may overshoot, or fall short of a cost
/// that is wanted from both sides. Of its neighbours that do neither, the one that the mixtures like best takes its place;
/// where all do, neighbours of those that are nearest to the targets, and so on.
package struct Repair: Sendable {
  /// How the costs of an architecture lie to what they are held to.
  package struct Standing: Hashable, Sendable {
    /// The largest cost by its target; at most 1 is within all of them.
    package var excess: Double
    /// Of the costs that are wanted from both sides, the largest share of a target that is not used.
    package var shortfall: Double

    package init(excess: Double, shortfall: Double = 0) {
      self.excess = excess
      self.shortfall = shortfall
    }
  }

  private let space: any SearchSpace
  private let isPresent: [[Bool]]
  private let tolerance: Double

  /// - Parameters:
  ///   - isPresent: For each choice, which options may be taken.
  ///   - tolerance: The share of a target that may be left unused where the cost is wanted from both sides.
  package init(space: any SearchSpace, isPresent: [[Bool]], tolerance: Double = 0.1) {
    self.space = space
    self.isPresent = isPresent
    self.tolerance = tolerance
  }

  /// The architecture itself where it is at its targets.
  ///
  /// Where targets cannot be met from both sides, they are not exceeded.
  /// - Throws: What `standing` throws.
  package func repaired<Failure: Error>(
    _ architecture: Architecture, mixtures: [[Double]], standing: (Architecture) throws(Failure) -> Standing
  ) throws(Failure) -> Architecture {
    let found = try nearest(to: architecture, mixtures: mixtures) { cell throws(Failure) in
      let standing = try standing(cell)
      return max(0, standing.excess - 1, standing.shortfall - tolerance)
    }
    guard try standing(found).excess > 1 else { return found }
    return try nearest(to: architecture, mixtures: mixtures) { cell throws(Failure) in
      max(0, try standing(cell).excess - 1)
    }
  }

  /// A place on the way, how far it is from the targets, and how well the mixtures like it.
  private struct Place {
    var architecture: Architecture
    var distance: Double
    var liking: Double
  }

  /// The best liked of the nearest rings of neighbours that has one at no distance.
  ///
  /// From each ring the nearest few lead on, since the very nearest may be a dead end; the search ends behind a second ring
  /// that comes no nearer.
  private func nearest<Failure: Error>(
    to architecture: Architecture, mixtures: [[Double]], distance: (Architecture) throws(Failure) -> Double
  ) throws(Failure) -> Architecture {
    var best = Place(
      architecture: architecture, distance: try distance(architecture),
      liking: liking(architecture, mixtures))
    var ring = [best]
    var seen: Set<Architecture> = [architecture]
    var vainCount = 0
    while best.distance > 0, vainCount < 2 {
      var next: [Place] = []
      for place in ring {
        for neighbour in space.neighbours(of: place.architecture)
        where isAllowed(neighbour) && seen.insert(neighbour).inserted {
          next.append(
            Place(
              architecture: neighbour, distance: try distance(neighbour),
              liking: liking(neighbour, mixtures)))
        }
      }
      next.sort { $0.distance != $1.distance ? $0.distance < $1.distance : $0.liking > $1.liking }
      guard let first = next.first else { break }
      if first.distance < best.distance { best = first } else { vainCount += 1 }
      ring = Array(next.prefix(Self.width))
    }
    return best.architecture
  }

  private static let width = 4

  private func isAllowed(_ architecture: Architecture) -> Bool {
    zip(isPresent, architecture.options).allSatisfy { $0[$1] }
  }

  /// How likely the mixtures are to draw it, as a logarithm.
  private func liking(_ architecture: Architecture, _ mixtures: [[Double]]) -> Double {
    zip(mixtures, architecture.options).reduce(0) { $0 + Scalar.logarithm(max($1.0[$1.1], 1e-300)) }
  }
}
