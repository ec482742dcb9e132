package import Search

/// A way of finding out how good a network is at its task.
package protocol QualityEstimator: Sendable {
  /// The quality of an architecture, larger is better, and what its training showed epoch by epoch.
  ///
  /// - Parameter trial: The number of the trial, from which all chance in it is drawn.
  /// - Throws: ``TrialFailure``, or the error of the room where it went wrong.
  func quality(
    of architecture: Architecture, in space: any SearchSpace, trial: Int
  ) throws -> (quality: Double, curve: [TrialRecord.Epoch])

  /// The estimator as it is to be used, after what has to be found out before all trials of a study.
  ///
  /// Whoever comes later finds in the store what was found out before.
  /// - Throws: ``StudyError`` where the store fails, or the error of the room where it went wrong.
  func prepared(in space: any SearchSpace, store: StudyStore) throws -> any QualityEstimator
}

extension QualityEstimator {
  package func prepared(in space: any SearchSpace, store: StudyStore) throws -> any QualityEstimator { self }
}
