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
}
