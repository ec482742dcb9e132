package import Datasets
import Foundation
import Measures
package import Search
import Training

/// Quality by training: the accuracy on images that were not trained on, or how fast the training loss fell.
///
/// All networks of a study see the same batches in the same order; only their first weights differ by trial.
package struct TrainingEstimator: QualityEstimator {
  private let section: EstimatorSection
  private let batches: Batches
  private let validation: Batches
  private let seed: UInt64
  private let threads: Int
  /// Whether accuracy takes the place of training speed.
  private var measuresAccuracy = false

  /// - Throws: `DatasetError` where there are fewer images than a batch.
  package init(
    _ section: EstimatorSection, training: LabelledImages, validation: LabelledImages, seed: UInt64,
    threads: Int
  ) throws(DatasetError) {
    self.section = section
    self.seed = seed
    self.threads = threads
    batches = try Batches(training, batchSize: section.batch, seed: seed)
    self.validation = try Batches(
      validation, batchSize: min(section.batch, validation.count), seed: seed,
      normalization: batches.normalization)
  }

  package func quality(
    of architecture: Architecture, in space: any SearchSpace, trial: Int
  ) throws -> (quality: Double, curve: [TrialRecord.Epoch]) {
    let result = try train(architecture, in: space, trial: trial)
    return (result.quality, result.curve)
  }

  /// Trains an architecture as a trial does, and keeps the values of its weights, by name.
  ///
  /// The same trial ends with the same values, if as many threads compute it.
  package func train(
    _ architecture: Architecture, in space: any SearchSpace, trial: Int
  ) throws -> (quality: Double, curve: [TrialRecord.Epoch], values: [String: [Float]]) {
    let network = try space.network(architecture, batch: section.batch)
    let trainer = try Trainer(
      network, Recipe(),
      initialization: Initialization(seed: RandomStream(seed: seed).child(UInt64(trial)).seed),
      threads: threads)
    var curve: [TrialRecord.Epoch] = []
    let stepCount = section.epochs * batches.count
    for epoch in 0..<section.epochs {
      var sum = 0.0
      for indices in batches.order(epoch: epoch) {
        let (pixels, labels) = batches.batch(indices)
        let progress = Double(trainer.stepCount) / Double(stepCount)
        let rate = section.rate * (1 + cos(progress * .pi)) / 2
        sum += Double(try trainer.run(pixels, labels: labels, rate: rate))
      }
      curve.append(TrialRecord.Epoch(trainingLoss: sum / Double(batches.count)))
    }
    let values = trainer.values
    if let speed = section.trainingSpeed, !measuresAccuracy {
      return (-speed.estimate(curve.map(\.trainingLoss)), curve, values)
    }
    let accuracy = try self.accuracy(of: architecture, in: space, values: values)
    if let last = curve.indices.last { curve[last].validationAccuracy = accuracy }
    return (accuracy, curve, values)
  }

  /// Trains the probes of the study, and goes over to accuracy where training losses tell no more.
  package func prepared(in space: any SearchSpace, store: StudyStore) throws -> any QualityEstimator {
    guard section.trainingSpeed != nil, section.probes > 0 else { return self }
    var kept = try store.probes()
    var random = RandomStream(seed: seed).child(1 << 33)
    for number in 0..<section.probes {
      let architecture = space.sample(using: &random)
      guard kept[number] == nil else { continue }
      // A probe that diverges never has a small loss.
      let curve = (try? train(architecture, in: space, trial: 1 << 32 + number).curve) ?? []
      let losses = curve.map(\.trainingLoss)
      try store.keepProbe(number, losses: losses)
      kept[number] = losses
    }
    let horizon = TrainingSpeedHorizon().lastEpoch(probes: (0..<section.probes).compactMap { kept[$0] })
    var result = self
    result.measuresAccuracy = horizon.map { section.epochs > $0 } ?? false
    return result
  }

  /// The share of validation images, as many as fill whole batches, whose class is found.
  private func accuracy(
    of architecture: Architecture, in space: any SearchSpace, values: [String: [Float]]
  ) throws -> Double {
    let network = try space.network(architecture, batch: validation.batchSize)
    let evaluation = try Evaluation(network, values: values, threads: threads)
    var (right, count) = (0, 0)
    for start in stride(
      from: 0, through: validation.images.count - validation.batchSize, by: validation.batchSize)
    {
      let (pixels, labels) = validation.batch(Array(start..<start + validation.batchSize))
      for (found, label) in zip(try evaluation.classify(pixels), labels) where found == label { right += 1 }
      count += labels.count
    }
    return Double(right) / Double(count)
  }
}

extension RandomStream {
  /// A number from which another generator may start.
  fileprivate var seed: UInt64 {
    var copy = self
    return copy.next()
  }
}
