import Datasets
import FoundationEssentials
import Graphs
import Training

/// What a training begins or goes on with, as the user said it.
struct TrainingSetup {
  var network: String
  var dataset: String
  var settings: TrainingSettings
  var trainingLimit: Int?
  var testLimit: Int?
  var threads: Int
  /// Where checkpoints go; nil keeps none.
  var folder: String?
  /// The checkpoint of a teacher, or the folder with it.
  var teacher: String?
  /// Whether every step is looked over for numbers that are not finite.
  var checksNumerics = false
  var checkpoint: Checkpoint?

  static func checkpointPath(in folder: String) -> String { "\(folder)/checkpoint.safetensors" }

  init(
    network: String, dataset: String, settings: TrainingSettings, trainingLimit: Int?, testLimit: Int?,
    threads: Int,
    folder: String?, teacher: String? = nil
  ) {
    self.network = network
    self.dataset = dataset
    self.settings = settings
    self.trainingLimit = trainingLimit
    self.testLimit = testLimit
    self.threads = threads
    self.folder = folder
    self.teacher = teacher
  }

  /// The training that a checkpoint holds.
  init(_ checkpoint: Checkpoint, threads: Int?, folder: String?) {
    self.init(
      network: checkpoint.network, dataset: checkpoint.dataset, settings: checkpoint.settings,
      trainingLimit: checkpoint.trainingLimit, testLimit: checkpoint.testLimit,
      threads: threads ?? checkpoint.threads, folder: folder, teacher: checkpoint.teacher)
    self.checkpoint = checkpoint
  }

  /// Checks before any work that a folder holds no other training, and that it can be written.
  static func requireEmpty(_ folder: String) throws {
    let path = checkpointPath(in: folder)
    guard !FileManager.default.fileExists(atPath: path) else {
      throw Failure(
        .usage,
        "\(path): found the checkpoint of a training, expected none; go on with it by --resume, or choose another "
          + "--out")
    }
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw Failure(
        .output, "\(folder): cannot be made, expected a folder that can be written; choose another --out")
    }
    try OutputFiles.check([path])
  }

  /// The images, read and cut to what is wanted.
  func images() throws -> ImageDataset {
    try DatasetLibrary.standard(environment: ProcessInfo.processInfo.environment).dataset(dataset)
      .limited(training: trainingLimit, test: testLimit)
  }
}

extension Checkpoint {
  /// Reads a checkpoint file, or the one in a folder.
  init(at path: String) throws {
    var isFolder = false
    let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    let path = isThere && isFolder ? TrainingSetup.checkpointPath(in: path) : path
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure(.notFound, "\(path): cannot be read, expected a checkpoint of 'joulery train --out'")
    }
    try self.init([UInt8](data), source: path)
  }
}

extension Checkpoint {
  /// The network as it is in use, for batches of a size.
  func evaluation(batch: Int, threads: Int) throws -> Evaluation {
    try Evaluation(graph(batch: batch), values: values.inUse, threads: threads)
  }

  /// The graph of the network for batches of a size.
  func graph(batch: Int) throws -> Graph {
    try TrainingSource(network).graph(batch: batch, imageShape: imageShape, classes: classes)
  }
}
