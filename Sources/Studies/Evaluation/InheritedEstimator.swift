package import Datasets
package import Search
import Synchronization

/// Quality by weights that all networks of a space share: their accuracy as they are, or how fast they learn from there.
///
/// The shared weights are trained once for a study, before its trials, and kept in its store.
package final class InheritedEstimator: QualityEstimator {
  private let section: EstimatorSection
  private let settings: InheritedRanking.Settings
  private let training: LabelledImages
  private let validation: LabelledImages
  /// The shared weights, once they are there.
  private let ranking = Mutex<InheritedRanking?>(nil)

  package init(
    _ section: EstimatorSection, training: LabelledImages, validation: LabelledImages, seed: UInt64,
    threads: Int
  ) {
    self.section = section
    self.training = training
    self.validation = validation
    var settings = InheritedRanking.Settings(
      epochs: section.epochs, batch: section.batch, seed: seed, threads: threads)
    settings.rate = section.rate
    self.settings = settings
  }

  package func prepared(in space: any SearchSpace, store: StudyStore) throws -> any QualityEstimator {
    guard let space = space as? any OneShotSpace else {
      throw StudyError(
        .badInput, at: "estimator.method",
        "the space \(space.name) has no network whose weights could be shared",
        expected: "nas-bench-201", remedy: "use another method")
    }
    try ranking.withLock { kept in
      let fresh = try InheritedRanking(settings, in: space, training: training)
      if let weights = try store.sharedWeights() {
        try fresh.restore(weights)
      } else {
        for _ in 0..<settings.epochs { _ = try fresh.train() }
        try store.keepSharedWeights(fresh.checkpoint)
      }
      kept = fresh
    }
    return self
  }

  package func quality(
    of architecture: Architecture, in space: any SearchSpace, trial: Int
  ) throws -> (quality: Double, curve: [TrialRecord.Epoch]) {
    try ranking.withLock { ranking in
      guard let ranking else { throw TrialFailure("the shared weights were not trained") }
      if section.method == .inheritedAccuracy {
        return (try ranking.accuracy(of: architecture, on: validation), [])
      }
      let losses = try ranking.losses(of: architecture, batches: section.batches)
      return (-losses.reduce(0, +), [])
    }
  }
}
