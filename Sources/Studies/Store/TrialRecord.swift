package import Search

/// A trial as the store keeps it.
package struct TrialRecord: Hashable, Sendable {
  package enum State: String, Hashable, Sendable {
    case running
    case scored
    case failed
  }
  /// From 0, in the order in which the strategy asked.
  package var number: Int
  package var architecture: Architecture
  /// The architecture as people write it.
  package var text: String
  package var state: State
  /// What was found out; nil while it runs and where it failed.
  package var findings: Findings?
  /// Why it failed.
  package var failure: String?
  /// Wall-clock seconds of its last evaluation.
  package var seconds: Double

  package init(
    number: Int, architecture: Architecture, text: String, state: State, findings: Findings? = nil,
    failure: String? = nil, seconds: Double = 0
  ) {
    self.number = number
    self.architecture = architecture
    self.text = text
    self.state = state
    self.findings = findings
    self.failure = failure
    self.seconds = seconds
  }

  /// What an evaluation found out.
  package struct Findings: Hashable, Sendable {
    /// nil where the network was not trained, since its costs alone exceed a limit.
    package var quality: Double?
    package var latency: Double
    package var energy: Double
    package var peakPower: Double
    package var score: Score
    /// One entry for each epoch.
    package var curve: [Epoch]

    package init(
      quality: Double?, latency: Double, energy: Double, peakPower: Double, score: Score, curve: [Epoch]
    ) {
      self.quality = quality
      self.latency = latency
      self.energy = energy
      self.peakPower = peakPower
      self.score = score
      self.curve = curve
    }
  }

  /// What an epoch of training showed.
  package struct Epoch: Hashable, Sendable {
    /// The mean loss of the epoch's batches, each before its step.
    package var trainingLoss: Double
    /// nil where it was not measured after this epoch.
    package var validationAccuracy: Double?

    package init(trainingLoss: Double, validationAccuracy: Double? = nil) {
      self.trainingLoss = trainingLoss
      self.validationAccuracy = validationAccuracy
    }
  }

  /// The trial as strategies see it; nil while it runs.
  package var trial: Trial? {
    switch state {
    case .running: nil
    case .failed: Trial(architecture, .failed)
    case .scored: findings.map { Trial(architecture, .scored($0.score)) }
    }
  }
}
