package import Datasets
import Formats
package import Graphs

/// A training from its first step to its last, which can stop behind any step and go on from a ``Checkpoint``.
package final class TrainingRun {
  /// What one step did.
  package struct StepRecord: Hashable, Sendable {
    /// From 0.
    package var epoch: Int
    /// Batches of the epoch that are done, and all.
    package var position: Int
    package var stepsPerEpoch: Int
    /// Of all epochs, from 1.
    package var step: Int
    package var loss: Float
    package var learningRate: Double
    /// Where the step ended an epoch.
    package var finishedEpoch: EpochRecord?
  }

  package let dataset: ImageDataset
  package let datasetSHA256: String
  package let settings: TrainingSettings
  package let threads: Int
  package private(set) var state: TrainingState
  private let network: Graph
  private let trainer: Trainer
  /// Into how many parts a batch is split, so that memory suffices.
  package let parts: Int
  private let batches: Batches
  private let loader: BatchLoader
  private let teacher: Evaluation?

  /// Compiles the step and sets the weights: new ones, or those of a checkpoint.
  ///
  /// `network` makes the graph for batches of a size; a `teacher`'s outputs for them are learned, too. With `loadsAhead`,
  /// batches are made by a thread of their own, with the same bytes.
  /// - Throws: ``PlanError`` where network and dataset do not fit each other or memory does not suffice, and what `network`
  ///   throws.
  package init(
    _ network: (_ batch: Int) throws -> Graph, on dataset: ImageDataset, settings: TrainingSettings,
    threads: Int,
    memoryLimit: Int? = nil, teacher: Evaluation? = nil, loadsAhead: Bool = true,
    checksNumerics: Bool = false, from checkpoint: Checkpoint? = nil
  ) throws {
    let graph = try network(settings.batchSize)
    try graph.requireFit(to: dataset, batch: settings.batchSize)
    self.network = graph
    self.dataset = dataset
    datasetSHA256 = dataset.sha256
    self.settings = settings
    self.threads = threads
    batches = try Batches(
      dataset.training, batchSize: settings.batchSize, seed: settings.seed,
      augmentations: settings.augmentations, mixing: settings.mixing)
    self.teacher = teacher
    state = checkpoint?.state ?? TrainingState()
    if let checkpoint {
      try checkpoint.requireFit(
        to: dataset, datasetSHA256, stepsPerEpoch: batches.count, epochs: settings.epochs)
    }
    // The whole batch where it fits. Parts of it only where the recipe has a limit: they change what batch normalisation
    // computes, and the memory of a machine must not do so.
    var parts = 1
    var made: Trainer?
    while made == nil {
      do {
        made = try Trainer(
          parts == 1 ? graph : network(settings.batchSize / parts),
          settings.recipe(hasTeacher: teacher != nil),
          values: checkpoint?.values ?? Initialization(seed: settings.seed).values(for: graph),
          stepCount: state.stepCount, seed: settings.seed, threads: threads,
          memoryLimit: settings.memoryLimit > 0 ? settings.memoryLimit : memoryLimit, parts: parts,
          checksNumerics: checksNumerics)
      } catch let error as PlanError where error.isShortOfMemory && settings.memoryLimit > 0 {
        let more = (parts + 1...max(parts + 1, settings.batchSize)).first {
          settings.batchSize % $0 == 0
        }
        guard let more, more <= settings.batchSize, !settings.augmentsInGraph else { throw error }
        parts = more
      }
    }
    guard let made else { preconditionFailure("a trainer, or an error") }
    trainer = made
    self.parts = parts
    loader = BatchLoader(batches, epoch: state.epoch, position: state.position, depth: loadsAhead ? 2 : 0)
  }

  package var stepsPerEpoch: Int { batches.count }
  package var isFinished: Bool { state.epoch >= settings.epochs }
  package var normalization: Normalization { batches.normalization }
  /// Elements of all trained parameters.
  package var parameterCount: Int { network.parameterCount }
  /// Bytes of weights, activations and work space.
  package var byteCount: Int { trainer.plan.byteCount }

  /// One step, and behind the last one of an epoch a test; nil where all epochs are done.
  ///
  /// - Throws: ``PlanError`` for a loss that is not finite.
  package func advance() throws -> StepRecord? {
    guard !isFinished else { return nil }
    let rate = settings.rate(step: state.stepCount, stepsPerEpoch: batches.count)
    let batch = loader.next()
    let labels = batch.labels
    let outputs = try teacher?.logits(batch.pixels)
    let loss =
      settings.mixing.isIdentity
      ? try trainer.run(batch.pixels, labels: labels, teacher: outputs, rate: rate)
      : try trainer.run(
        batch.pixels,
        targets: batch.distributions(classes: dataset.classes, smoothing: settings.labelSmoothing),
        teacher: outputs, rate: rate)
    let found = Logits(trainer.logits, classes: dataset.classes).classified
    state.right += zip(found, labels).count { $0 == $1 }
    state.lossSum += Double(loss) * Double(labels.count)
    state.stepCount += 1
    state.position += 1
    var record = StepRecord(
      epoch: state.epoch, position: state.position, stepsPerEpoch: batches.count, step: state.stepCount,
      loss: loss, learningRate: rate)
    if state.position == batches.count { record.finishedEpoch = try finishEpoch(rate: rate) }
    return record
  }

  private func finishEpoch(rate: Double) throws -> EpochRecord {
    let score = try Score(
      of: network, values: trainer.values.inUse, on: dataset.test, normalization: normalization,
      threads: threads)
    let images = Double(batches.count * batches.batchSize)
    let record = EpochRecord(
      trainingLoss: state.lossSum / images, trainingAccuracy: Double(state.right) / images,
      testLoss: score.loss,
      testAccuracy: score.accuracy, learningRate: rate)
    state.history.append(record)
    state.position = 0
    state.lossSum = 0
    state.right = 0
    return record
  }

  /// Weights, running statistics and optimizer states with their extents.
  package var tensors: [(name: String, shape: [Int], elements: [Float])] { trainer.tensors }

  /// How long each step of the plan takes on the last batch, which it trains a few more times.
  package func profile() -> Profile { trainer.profile() }
}

extension Graph {
  /// - Throws: ``PlanError`` where images do not fit the first input, or classes the first output.
  package func requireFit(to dataset: ImageDataset, batch: Int) throws(PlanError) {
    let expected = TensorType([batch] + dataset.imageShape)
    guard inputs.count == 1, inputs[0].type == expected else {
      throw PlanError(
        "network '\(name)'", found: "inputs \(inputs.map { "\($0.type)" }.joined(separator: ", "))",
        expected: "one input \(expected) for images of '\(dataset.name)'")
    }
    let shape = outputs.first.map { type(of: $0.value).shape } ?? []
    guard shape == [batch, dataset.classes] else {
      throw PlanError(
        "network '\(name)'", found: "outputs \(shape)",
        expected: "\([batch, dataset.classes]) for the \(dataset.classes) classes of '\(dataset.name)'")
    }
  }
}

extension Checkpoint {
  /// - Throws: ``PlanError`` where the dataset is another one than that of the checkpoint, or the state is none of a run.
  fileprivate func requireFit(
    to dataset: ImageDataset, _ sha256: String, stepsPerEpoch: Int, epochs: Int
  ) throws(PlanError) {
    guard sha256 == datasetSHA256 else {
      throw PlanError(
        "checkpoint of '\(network)' on '\(self.dataset)'", found: "other images in '\(dataset.name)'",
        expected: "the dataset that the training began with")
    }
    guard state.position < stepsPerEpoch, state.epoch <= epochs,
      state.stepCount == state.epoch * stepsPerEpoch + state.position
    else {
      throw PlanError(
        "checkpoint of '\(network)' on '\(self.dataset)'",
        found: "step \(state.stepCount), \(state.position) of epoch \(state.epoch)",
        expected: "a place in \(epochs) epochs of \(stepsPerEpoch) steps")
    }
  }
}
