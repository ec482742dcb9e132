package import Search

/// One more training of a network when the search is over, judged on images that no trial saw.
///
/// The best of many trials is partly the luckiest: its accuracy there is too good. Trainings with other seeds, judged on test
/// images, are not chosen among.
package struct Confirmation: Hashable, Sendable {
  package enum Role: String, CaseIterable, Hashable, Sendable {
    /// The network that the objective prefers.
    case best
    /// What one would take without a search.
    case reference
  }
  package var role: Role
  /// From 0.
  package var seed: Int
  package var architecture: Architecture
  package var text: String
  /// On test images.
  package var accuracy: Double
  /// Of one image, in seconds.
  package var latency: Double
  /// Of one image, in joules.
  package var energy: Double

  package init(
    role: Role, seed: Int, architecture: Architecture, text: String, accuracy: Double, latency: Double,
    energy: Double
  ) {
    self.role = role
    self.seed = seed
    self.architecture = architecture
    self.text = text
    self.accuracy = accuracy
    self.latency = latency
    self.energy = energy
  }
}

/// Trains the best network of a finished study and the reference of its space anew.
package struct StudyConfirmation: Sendable {
  private let description: StudyDescription
  private let space: any SearchSpace
  private let store: StudyStore
  private let cost: HardwareCost
  private let estimator: TrainingEstimator

  /// - Parameter estimator: Training as the trials have it, judged on test images.
  package init(
    _ description: StudyDescription, space: any SearchSpace, store: StudyStore, cost: HardwareCost,
    estimator: TrainingEstimator
  ) {
    self.description = description
    self.space = space
    self.store = store
    self.cost = cost
    self.estimator = estimator
  }

  /// Trains what is not in the store yet; whether all of it is there in the end.
  ///
  /// Both networks are trained with the same seeds, none of which a trial had.
  /// - Throws: ``StudyError`` where the store fails, or the error of the room where it went wrong.
  package func run(
    best: Architecture, shouldStop: () -> Bool, report: (Confirmation.Role, Int) -> Void
  ) throws -> Bool {
    let kept = try store.confirmations()
    for seed in 0..<description.confirmations {
      for role in Confirmation.Role.allCases {
        guard let architecture = role == .best ? best : space.reference?.architecture else { continue }
        let isKept = kept.contains {
          $0.role == role && $0.seed == seed && $0.architecture == architecture
        }
        if isKept { continue }
        if shouldStop() { return false }
        report(role, seed)
        let cost = try cost.cost(of: architecture, in: space, store: store)
        let accuracy = try estimator.quality(
          of: architecture, in: space, trial: description.budget.trials + seed
        ).quality
        try store.keep(
          Confirmation(
            role: role, seed: seed, architecture: architecture, text: space.text(of: architecture),
            accuracy: accuracy, latency: cost.latency, energy: cost.energy))
      }
    }
    return true
  }
}
