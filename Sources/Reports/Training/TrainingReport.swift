package import Training

/// Everything that is said about one training: what was trained, on what, how it went, and how to get it again.
package struct TrainingReport: Sendable {
  /// The images of a training.
  package struct Dataset: Hashable, Sendable {
    package var name: String
    package var sha256: String
    package var classes: Int
    package var trainingCount: Int
    package var testCount: Int

    package init(name: String, sha256: String, classes: Int, trainingCount: Int, testCount: Int) {
      self.name = name
      self.sha256 = sha256
      self.classes = classes
      self.trainingCount = trainingCount
      self.testCount = testCount
    }
  }

  /// One step: its loss, its learning rate, and when it ended.
  package struct Step: Hashable, Sendable {
    /// From 1.
    package var number: Int
    package var loss: Double
    package var learningRate: Double
    /// Seconds since this process began to train.
    package var seconds: Double

    package init(number: Int, loss: Double, learningRate: Double, seconds: Double) {
      self.number = number
      self.loss = loss
      self.learningRate = learningRate
      self.seconds = seconds
    }
  }

  /// Time of one kind of step of the plan.
  package struct Share: Hashable, Sendable {
    package var label: String
    package var seconds: Double

    package init(label: String, seconds: Double) {
      self.label = label
      self.seconds = seconds
    }
  }

  package var network: String
  package var parameters: Int
  /// Bytes of weights, activations and work space.
  package var memoryBytes: Int
  package var dataset: Dataset
  package var settings: TrainingSettings
  package var threads: Int
  package var stepsPerEpoch: Int
  /// All epochs, also those of a run that this one went on from.
  package var epochs: [EpochRecord]
  /// The steps of this run.
  package var steps: [Step]
  /// Where the time of a step goes, the largest first; empty where nobody asked.
  package var profile: [Share] = []
  /// Where the weights are; nil where they were not kept.
  package var checkpoint: String?
  package var version: String
  package var commandLine: String

  package init(
    network: String, parameters: Int, memoryBytes: Int, dataset: Dataset, settings: TrainingSettings,
    threads: Int,
    stepsPerEpoch: Int, epochs: [EpochRecord], steps: [Step], checkpoint: String?, provenance: Provenance
  ) {
    self.network = network
    self.parameters = parameters
    self.memoryBytes = memoryBytes
    self.dataset = dataset
    self.settings = settings
    self.threads = threads
    self.stepsPerEpoch = stepsPerEpoch
    self.epochs = epochs
    self.steps = steps
    self.checkpoint = checkpoint
    version = provenance.version
    commandLine = provenance.commandLine
  }

  package var title: String { "\(network) on \(dataset.name)" }
  /// Time of this run's steps and tests.
  package var seconds: Double { steps.last?.seconds ?? 0 }
  package var imagesPerSecond: Double {
    seconds > 0 ? Double(steps.count * settings.batchSize) / seconds : 0
  }
}
