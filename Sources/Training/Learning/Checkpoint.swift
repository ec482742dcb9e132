package import Datasets
package import Formats

/// A training as one safetensors file: weights, running statistics, optimizer states, settings and how far it came.
///
/// The same training gives the same bytes, whether it was interrupted or not: nothing in it depends on the clock.
package struct Checkpoint: Hashable, Sendable {
  /// Version of the layout.
  static let version = "1"

  /// What the command line called the network.
  package var network: String
  /// `[channels, height, width]` of an image.
  package var imageShape: [Int]
  package var classes: Int
  package var dataset: String
  package var datasetSHA256: String
  /// How many images of the dataset were used; nil for all.
  package var trainingLimit: Int?
  package var testLimit: Int?
  package var normalization: Normalization
  /// The path of the teacher's checkpoint, where there is one.
  package var teacher: String?
  package var settings: TrainingSettings
  /// Threads decide in which order numbers are added.
  package var threads: Int
  package var state: TrainingState
  package var tensors: [Safetensors.Tensor]

  /// Elements by name.
  package var values: [String: [Float]] {
    Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.numbers ?? []) })
  }

  package init(
    network: String, imageShape: [Int], classes: Int, dataset: String, datasetSHA256: String,
    trainingLimit: Int?, testLimit: Int?, normalization: Normalization, teacher: String? = nil,
    settings: TrainingSettings,
    threads: Int,
    state: TrainingState, tensors: [Safetensors.Tensor]
  ) {
    self.network = network
    self.imageShape = imageShape
    self.classes = classes
    self.dataset = dataset
    self.datasetSHA256 = datasetSHA256
    self.trainingLimit = trainingLimit
    self.testLimit = testLimit
    self.normalization = normalization
    self.teacher = teacher
    self.settings = settings
    self.threads = threads
    self.state = state
    self.tensors = tensors
  }
}
