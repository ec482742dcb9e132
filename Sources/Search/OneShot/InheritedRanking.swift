package import Datasets
import Formats
import Foundation
import Measures
import Training

/// Ranks architectures by weights that they share: as they are, and by how fast they learn from there.
///
/// The search network is trained on one path at a time. A candidate takes its part of the weights and goes on for some
/// batches, the same for all; the sum of their losses is its training speed, and the weights are put back.
/// Source: Ru et al. 2021, arXiv:2006.04492, section 5.2; single paths: Li and Talwalkar 2019, arXiv:1902.07638.
package final class InheritedRanking {
  /// How the shared weights are trained, and candidates after them.
  package struct Settings: Hashable, Sendable {
    package var epochs: Int
    package var batch: Int
    /// The largest learning rate of the shared weights; it falls along half a cosine.
    package var rate = 0.05
    /// The learning rate of candidates, which stays.
    package var tuningRate = 1e-3
    package var seed: UInt64
    package var threads: Int

    package init(epochs: Int, batch: Int, seed: UInt64, threads: Int = 2) {
      self.epochs = epochs
      self.batch = batch
      self.seed = seed
      self.threads = threads
    }
  }

  private let settings: Settings
  private let space: any OneShotSpace
  private let batches: Batches
  /// Holds the weights of all operations.
  private let whole: Supernet
  /// Networks of single paths that were compiled before; all of them work on the same weights.
  private var paths: [Architecture: Supernet] = [:]
  private static let mostPaths = 128
  /// Epochs of training so far.
  package private(set) var epochCount = 0

  /// - Throws: `DatasetError`, `ShapeError` or `PlanError` where images, network and engine do not fit.
  package init(_ settings: Settings, in space: any OneShotSpace, training: LabelledImages) throws {
    self.settings = settings
    self.space = space
    batches = try Batches(training, batchSize: settings.batch, seed: settings.seed)
    let present = space.choices.map { Array(repeating: true, count: $0.options.count) }
    whole = try Supernet(
      space.searchNetwork(present, batch: settings.batch, hasAuxiliarySkips: false), batch: settings.batch,
      recipe: Self.recipe, seed: settings.seed, threads: settings.threads)
  }

  private static var recipe: Recipe {
    Recipe(optimizer: .sgd(momentum: 0.9, nesterov: true), weightDecay: 3e-4)
  }

  /// Trains the shared weights for one epoch, each batch on an architecture drawn anew; returns the mean loss.
  package func train() throws -> Double {
    epochCount += 1
    var random = RandomStream(seed: settings.seed).child(UInt64(epochCount))
    var sum = 0.0
    for (index, indices) in batches.order(epoch: epochCount).enumerated() {
      let (pixels, labels) = batches.batch(indices)
      let steps = Double(settings.epochs * batches.count)
      let progress = min(1, Double((epochCount - 1) * batches.count + index) / steps)
      sum += try step(
        space.sample(using: &random), pixels, labels, rate: settings.rate * (1 + cos(progress * .pi)) / 2)
    }
    return sum / Double(batches.count)
  }

  /// The shared weights as a file.
  package var checkpoint: [UInt8] { Safetensors(tensors: whole.store.tensors).bytes }

  /// Takes the shared weights of a file, trained as here.
  ///
  /// - Throws: `FormatError` for a broken file, `PlanError` for weights of another network.
  package func restore(_ checkpoint: [UInt8]) throws {
    let file = try Safetensors(checkpoint, source: "shared weights")
    guard file.tensors.map(\.name).sorted() == whole.store.names else {
      throw PlanError(
        "shared weights", found: "those of another network", expected: "those of \(space.name)")
    }
    let values = Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name, $0.numbers ?? []) })
    whole.store.restore(try WeightStore(whole.store.layout, values: values).snapshot())
    epochCount = settings.epochs
  }

  /// The losses of an architecture's own training from the shared weights on, batch by batch.
  ///
  /// Their sum is the training-speed estimate; the shared weights are as before.
  /// - Throws: `PlanError` for a loss that is no number.
  package func losses(of architecture: Architecture, batches count: Int) throws -> [Double] {
    let snapshot = whole.store.snapshot()
    defer { whole.store.restore(snapshot) }
    // Momentum of other paths would push the first steps.
    whole.store.clear { $0.hasSuffix(".momentum") }
    var order: [[Int]] = []
    var epoch = settings.epochs + 1
    while order.count < count {
      order += batches.order(epoch: epoch)
      epoch += 1
    }
    return try order.prefix(count).map { indices in
      let (pixels, labels) = batches.batch(indices)
      return try step(architecture, pixels, labels, rate: settings.tuningRate)
    }
  }

  /// The accuracy of an architecture with the shared weights, on whole batches of images that they did not see.
  package func accuracy(of architecture: Architecture, on images: LabelledImages) throws -> Double {
    let held = try Batches(
      images, batchSize: settings.batch, seed: settings.seed, normalization: batches.normalization)
    let net = try path(architecture)
    var sum = 0.0
    for indices in held.order(epoch: 0) {
      let (pixels, labels) = held.batch(indices)
      sum += try net.accuracy(pixels, labels: labels, mixtures: oneHot(architecture))
    }
    return sum / Double(held.count)
  }

  private func step(
    _ architecture: Architecture, _ pixels: [Float], _ labels: [Int], rate: Double
  ) throws -> Double {
    let loss = try path(architecture).train(
      pixels, labels: labels, mixtures: oneHot(architecture), rate: rate)
    guard loss.isFinite else {
      throw PlanError(
        "training of \(space.text(of: architecture))", found: "a loss that is no number",
        expected: "a finite one; lower the learning rate")
    }
    return loss
  }

  private func oneHot(_ architecture: Architecture) -> [[Double]] {
    zip(space.choices, architecture.options).map { choice, taken in
      choice.options.indices.map { $0 == taken ? 1 : 0 }
    }
  }

  private func path(_ architecture: Architecture) throws -> Supernet {
    if let path = paths[architecture] { return path }
    if paths.count >= Self.mostPaths { paths = [:] }
    let present = oneHot(architecture).map { $0.map { $0 > 0 } }
    let path = try Supernet(
      space.searchNetwork(present, batch: settings.batch, hasAuxiliarySkips: false), batch: settings.batch,
      recipe: Self.recipe, cells: whole.cells, store: whole.store, seed: settings.seed,
      threads: settings.threads)
    paths[architecture] = path
    return path
  }
}
