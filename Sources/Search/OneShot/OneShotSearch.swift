package import Datasets
import Foundation
import Measures
import Networks
import Training

/// A differentiable search: the weights of a search network and the mixtures on its edges learn in turn.
///
/// First order, bilevel: weights learn from training images, mixtures from others. With expert advice it is XNAS (Nayman
/// et al. 2019, arXiv:1906.08031, algorithm 1); with gradients on logits, first-order DARTS (Liu et al. 2019,
/// arXiv:1806.09055).
package struct OneShotSearch: Sendable {
  /// How mixtures learn.
  package enum Method: Hashable, Sendable {
    /// Exponentiated gradients, clipped to ±bound, with wipeout; a rate of nil is the theory's.
    case expertAdvice(bound: Double, rate: Double?, wipes: Bool)
    /// Exponentiated gradients without clipping or wipeout (Li et al. 2021, arXiv:2004.07802).
    case exponentiated(rate: Double)
    /// Gradient ascent on logits.
    case softmaxGradient(rate: Double)
    /// Adam on logits, as DARTS' authors run it.
    case softmaxAdam(rate: Double)
    /// Mixtures stay equal; the last epoch's rewards choose nothing: the line that others have to beat.
    case uniform
  }

  package var method: Method
  package var epochs: Int
  package var batch: Int
  /// The largest learning rate of the weights; it falls along half a cosine.
  package var rate: Double
  /// Whether each sample of each cell is a round, as XNAS's authors have it, or each batch as a whole.
  package var countsSamples: Bool
  package var seed: UInt64
  package var threads: Int

  package init(
    method: Method, epochs: Int, batch: Int, rate: Double = 0.025, countsSamples: Bool = true,
    seed: UInt64, threads: Int = 2
  ) {
    self.method = method
    self.epochs = epochs
    self.batch = batch
    self.rate = rate
    self.countsSamples = countsSamples
    self.seed = seed
    self.threads = threads
  }

  /// What is known after an epoch.
  package struct Epoch: Hashable, Sendable {
    /// From 1.
    package var number: Int
    package var trainingLoss: Double
    /// Of the images that mixtures learn from.
    package var rewardLoss: Double
    /// For each edge, the weight of each operation.
    package var mixtures: [[Double]]
    /// The mean over edges, in nats.
    package var entropy: Double
    /// Operations wiped so far, over all edges.
    package var wipedCount: Int
    /// The share of rewards that were clipped.
    package var clippedShare: Double
    /// The cell that the mixtures stand for.
    package var architecture: Architecture
    package var seconds: Double
  }

  /// Searches a space.
  ///
  /// - Parameters:
  ///   - training: Images that weights learn from.
  ///   - validation: Images that mixtures learn from, none of them in `training`.
  ///   - report: Called after each epoch; false ends the search.
  /// - Returns: All epochs.
  /// - Throws: `DatasetError`, `ShapeError` or `PlanError` where images, network and engine do not fit.
  package func run(
    in space: NASBench201Space, training: LabelledImages, validation: LabelledImages,
    report: (Epoch) -> Bool = { _ in true }
  ) throws -> [Epoch] {
    let trainingBatches = try Batches(training, batchSize: batch, seed: seed)
    let validationBatches = try Batches(
      validation, batchSize: batch, seed: seed &+ 1, normalization: trainingBatches.normalization)
    let stepCount = epochs * trainingBatches.count
    let operationCount = CellOperation.allCases.count
    let edgeCount = space.choices.count
    let rounds = stepCount * (countsSamples ? batch * 3 * space.cells : 1)
    var mixtures = (0..<edgeCount).map { _ in mixture(rounds: rounds) }
    var present = Array(repeating: Array(repeating: true, count: operationCount), count: edgeCount)
    var supernet = try makeSupernet(present, space: space)
    var history: [Epoch] = []
    let clock = ContinuousClock()
    for epoch in 1...max(1, epochs) {
      let start = clock.now
      var (trainingLoss, rewardLoss) = (0.0, 0.0)
      let validationOrder = validationBatches.order(epoch: epoch)
      for (index, indices) in trainingBatches.order(epoch: epoch).enumerated() {
        let weights = mixtures.map(\.weights)
        let (pixels, labels) = trainingBatches.batch(indices)
        let progress = Double((epoch - 1) * trainingBatches.count + index) / Double(stepCount)
        trainingLoss += try supernet.train(
          pixels, labels: labels, mixtures: weights, rate: rate * (1 + cos(progress * .pi)) / 2)
        let (images, classes) = validationBatches.batch(validationOrder[index % validationOrder.count])
        let rewards = try supernet.rewards(images, labels: classes, mixtures: weights)
        rewardLoss += rewards.loss
        learn(from: rewards.rounds, &mixtures)
      }
      let alive = mixtures.map(\.isPresent)
      history.append(
        summary(
          epoch, mixtures, trainingLoss: trainingLoss / Double(trainingBatches.count),
          rewardLoss: rewardLoss / Double(trainingBatches.count), seconds: (clock.now - start) / .seconds(1)))
      guard report(history[history.count - 1]) else { break }
      // Wiped operations leave the network, so that later epochs are faster.
      if alive != present, epoch < epochs {
        present = alive
        supernet = try makeSupernet(present, space: space, after: supernet)
      }
    }
    return history
  }

  private func mixture(rounds: Int) -> EdgeMixture {
    let count = CellOperation.allCases.count
    switch method {
    case .expertAdvice(let bound, let rate, let wipes):
      let theory = ExponentiatedGradient.theoryRate(experts: count, rounds: max(1, rounds), bound: bound)
      return .expert(
        ExponentiatedGradient(
          count: count, rate: rate ?? theory, bound: bound, horizon: rounds, wipes: wipes))
    case .exponentiated(let rate):
      return .expert(
        ExponentiatedGradient(count: count, rate: rate, bound: .infinity, horizon: rounds, wipes: false))
    case .softmaxGradient(let rate): return .gradient(SoftmaxGradient(count: count, rate: rate))
    case .softmaxAdam(let rate): return .adam(SoftmaxAdam(count: count, rate: rate))
    case .uniform: return .gradient(SoftmaxGradient(count: count, rate: 0))
    }
  }

  private func makeSupernet(
    _ present: [[Bool]], space: NASBench201Space, after previous: Supernet? = nil
  ) throws -> Supernet {
    try Supernet(
      CellSupernet(
        isPresent: present, channels: space.channels, cells: space.cells, classes: space.classes),
      batch: batch, input: space.input,
      recipe: Recipe(optimizer: .sgd(momentum: 0.9, nesterov: true), weightDecay: 3e-4),
      store: previous?.store, stepCount: previous?.steps ?? 0, seed: seed, threads: threads)
  }

  private func learn(from rounds: [[[Double]]], _ mixtures: inout [EdgeMixture]) {
    for edge in mixtures.indices {
      let isCounted = countsSamples && mixtures[edge].knowsRounds
      mixtures[edge].update(
        rounds: isCounted ? rounds[edge] : [Self.batchReward(rounds[edge], samples: batch)])
    }
  }

  /// The reward of the mean loss: the mean over samples, the sum over cells.
  static func batchReward(_ rounds: [[Double]], samples: Int) -> [Double] {
    guard let first = rounds.first else { return [] }
    return first.indices.map { index in rounds.reduce(0) { $0 + $1[index] } / Double(samples) }
  }

  private func summary(
    _ epoch: Int, _ mixtures: [EdgeMixture], trainingLoss: Double, rewardLoss: Double, seconds: Double
  ) -> Epoch {
    let counts = mixtures.map(\.clipCounts)
    let total = counts.reduce(0) { $0 + $1.of }
    return Epoch(
      number: epoch, trainingLoss: trainingLoss, rewardLoss: rewardLoss, mixtures: mixtures.map(\.weights),
      entropy: mixtures.reduce(0) { $0 + $1.entropy } / Double(mixtures.count),
      wipedCount: mixtures.reduce(0) { $0 + $1.isPresent.count { !$0 } },
      clippedShare: total > 0 ? Double(counts.reduce(0) { $0 + $1.clipped }) / Double(total) : 0,
      architecture: Architecture(mixtures.map(\.choice)), seconds: seconds)
  }
}
