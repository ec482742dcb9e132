/// Brings an architecture within its targets by changing as few choices as it takes.
///
/// Mixtures keep costs to a target on average; the one architecture that they stand for may overshoot. Of its neighbours that
/// do not, the one that the mixtures like best takes its place; where all do, the cheapest, and so on.
package struct Repair: Sendable {
  private let space: any SearchSpace
  private let isPresent: [[Bool]]

  /// - Parameter isPresent: For each choice, which options may be taken.
  package init(space: any SearchSpace, isPresent: [[Bool]]) {
    self.space = space
    self.isPresent = isPresent
  }

  /// The architecture itself where it is within its targets.
  ///
  /// - Parameter excess: The largest of the architecture's costs by their targets; at most 1 is within them.
  /// - Throws: What `excess` throws.
  package func repaired<Failure: Error>(
    _ architecture: Architecture, mixtures: [[Double]], excess: (Architecture) throws(Failure) -> Double
  ) throws(Failure) -> Architecture {
    var place = (architecture: architecture, excess: try excess(architecture))
    while place.excess > 1 {
      var fits: (architecture: Architecture, liking: Double)?
      var cheapest = place
      for neighbour in space.neighbours(of: place.architecture) where isAllowed(neighbour) {
        let cost = try excess(neighbour)
        if cost <= 1 {
          let liking = self.liking(neighbour, mixtures)
          if liking > fits?.liking ?? -.infinity || fits == nil { fits = (neighbour, liking) }
        }
        if cost < cheapest.excess { cheapest = (neighbour, cost) }
      }
      if let fits { return fits.architecture }
      guard cheapest.excess < place.excess else { break }
      place = cheapest
    }
    return place.architecture
  }

  private func isAllowed(_ architecture: Architecture) -> Bool {
    zip(isPresent, architecture.options).allSatisfy { $0[$1] }
  }

  /// How likely the mixtures are to draw it, as a logarithm.
  private func liking(_ architecture: Architecture, _ mixtures: [[Double]]) -> Double {
    zip(mixtures, architecture.options).reduce(0) { $0 + Scalar.logarithm(max($1.0[$1.1], 1e-300)) }
  }
}
