package import Datasets
import Foundation
import Measures
import Training

/// A one-shot search under way: epoch after epoch, from its beginning or from a checkpoint.
///
/// Whether it was interrupted between epochs does not show in its results.
package final class OneShotRun {
  private let search: OneShotSearch
  private let space: any OneShotSpace
  private let trainingBatches: Batches
  private let rewardBatches: Batches
  private let costs: [PricedCost]
  private var state: OneShotState
  private var supernet: Supernet
  /// The latest expectation of each cost.
  private var expectations: [(cost: Double, marginals: [[Double]])] = []
  /// What each expectation lacks, found at the start of the epoch.
  private var biases: [Double] = []
  /// The mean of each expectation over the epoch.
  private var means: [Double] = []

  /// Compiles the search network.
  ///
  /// - Parameter checkpoint: What ``checkpoint()`` gave behind an epoch, to go on there.
  /// - Throws: `DatasetError`, `ShapeError` or `PlanError` where images, network and engine do not fit; `FormatError` for a
  ///   checkpoint that is none or of another search; what finding out costs throws.
  package init(
    _ search: OneShotSearch, in space: any OneShotSpace, training: LabelledImages,
    validation: LabelledImages, costs: [PricedCost] = [], checkpoint: [UInt8]? = nil
  ) throws {
    self.search = search
    self.space = space
    self.costs = costs
    trainingBatches = try Batches(training, batchSize: search.batch, seed: search.seed)
    rewardBatches = try Batches(
      validation, batchSize: search.batch, seed: search.seed &+ 1,
      normalization: trainingBatches.normalization)
    let whole = space.choices.map { Array(repeating: true, count: $0.options.count) }
    let net = try Self.supernet(whole, search, space)
    supernet = net
    let batchCount = trainingBatches.count
    let stepCount = search.epochs * batchCount
    // A decay takes between nothing and all of its strength.
    var costBounds = Array(repeating: search.betaDecay / 2, count: whole.count)
    let even = whole.map { Array(repeating: 1 / Double($0.count), count: $0.count) }
    for cost in costs {
      let (_, marginals) = try cost.estimate.expectation(of: even, using: RandomStream(seed: search.seed))
      let ascent = Self.ascent(for: cost, search, batches: batchCount)
      for choice in marginals.indices { costBounds[choice] += ascent.boundIncrease(marginals[choice]) }
    }
    let mixtures = whole.indices.map { choice in
      Self.mixture(
        search.method, options: whole[choice].count,
        rounds: stepCount * net.cells[choice].count * (search.countsSamples ? search.batch : 1),
        costBound: costBounds[choice], countsSamples: search.countsSamples)
    }
    state = OneShotState(
      mixtures: mixtures, ascents: costs.map { Self.ascent(for: $0, search, batches: batchCount) },
      isPresent: whole)
    guard let checkpoint else { return }
    let (kept, weights) = try OneShotState.read(checkpoint, source: "checkpoint of the search")
    let fits = zip(kept.mixtures, mixtures).allSatisfy { kept, fresh in
      kept.weights.count == fresh.weights.count && kept.horizon?.rounds == fresh.horizon?.rounds
        && kept.horizon?.rate == fresh.horizon?.rate
    }
    guard fits, kept.mixtures.count == mixtures.count, kept.ascents.count == costs.count,
      Set(weights.keys) == Set(supernet.store.names)
    else {
      throw PlanError(
        "checkpoint of the search", found: "one of other rounds, rates or choices",
        expected: "that of the same search")
    }
    state = kept
    let store = try WeightStore(supernet.store.layout, values: weights)
    supernet = try Self.supernet(
      kept.isPresent, search, space, cells: supernet.cells, store: store, stepCount: kept.stepCount)
  }

  package var isFinished: Bool { state.isFinished || state.epoch >= search.epochs }

  /// All that it takes to go on behind the last epoch.
  package func checkpoint() throws -> [UInt8] { try state.checkpoint(supernet.store) }

  /// The shared weights, for the ranking of architectures that inherit them.
  package var weights: Supernet { supernet }

  /// Searches for one more epoch.
  ///
  /// - Parameter shouldStop: Asked between steps; an epoch that is broken off leaves the run useless, but not its last
  ///   checkpoint.
  /// - Returns: nil where the search is finished or was stopped.
  /// - Throws: `PlanError` for a loss that is no number; what finding out costs throws.
  package func nextEpoch(shouldStop: () -> Bool = { false }) throws -> SearchEpoch? {
    guard !isFinished else { return nil }
    let clock = ContinuousClock()
    let start = clock.now
    let epoch = state.epoch + 1
    var losses = (training: 0.0, reward: 0.0)
    let rewardOrder = rewardBatches.order(epoch: epoch)
    let order = trainingBatches.order(epoch: epoch)
    let window = if case .training(let window, _) = search.source { max(1, window) } else { 1 }
    for first in stride(from: 0, to: order.count, by: window) {
      guard !shouldStop() else { return nil }
      let batches = (first..<min(first + window, order.count)).map { index in
        Batch(
          training: order[index], reward: rewardOrder[index % rewardOrder.count],
          progress: Double((epoch - 1) * order.count + index) / Double(search.epochs * order.count))
      }
      let sums = try advance(over: batches, window: first / window)
      losses.training += sums.training
      losses.reward += sums.reward
      guard losses.training.isFinite, losses.reward.isFinite else {
        throw PlanError(
          "epoch \(epoch) of the search", found: "a loss that is no number",
          expected: "a finite one; lower the learning rate")
      }
    }
    state.epoch = epoch
    state.stepCount = supernet.steps
    var summary = summary(
      training: losses.training / Double(order.count), reward: losses.reward / Double(order.count))
    if let limit = search.skipLimit, space.skipCount(of: summary.architecture) > limit {
      state.isFinished = true
    } else if isFinished, search.selection == .perturbation {
      summary.architecture = try perturbed()
    }
    // Wiped operations leave the network, so that later epochs are faster.
    if summary.isPresent != state.isPresent {
      state.isPresent = summary.isPresent
      supernet = try Self.supernet(
        state.isPresent, search, space, cells: supernet.cells, store: supernet.store,
        stepCount: state.stepCount)
    }
    summary.seconds = (clock.now - start) / .seconds(1)
    return summary
  }

  private struct Batch {
    var training: [Int]
    var reward: [Int]
    /// The share of the search that is over.
    var progress: Double
  }

  /// Takes some steps of the weights and then one of the mixtures.
  ///
  /// - Parameter window: The number of this call in its epoch, from 0.
  /// - Returns: The sums of the batches' losses.
  private func advance(over batches: [Batch], window: Int) throws -> (training: Double, reward: Double) {
    let mixtures = state.mixtures.map(\.weights)
    var rounds = mixtures.map { _ in [[[[Double]]]]() }
    var losses = (training: 0.0, reward: 0.0)
    let redoes = if case .training(_, let redoes) = search.source { redoes } else { false }
    let snapshot = redoes ? supernet.store.snapshot() : []
    let progress = batches[0].progress
    supernet.auxiliaryShare = search.auxiliarySkip * (1 - progress)
    func train(_ batch: Batch, _ mixtures: [[Double]]) throws -> Double {
      let (pixels, labels) = trainingBatches.batch(batch.training)
      return try supernet.train(
        pixels, labels: labels, mixtures: mixtures, rate: search.rate * (1 + cos(batch.progress * .pi)) / 2)
    }
    func reward(_ batch: Batch) throws {
      let (pixels, labels) =
        search.source == .validation
        ? rewardBatches.batch(batch.reward) : trainingBatches.batch(batch.training)
      let rewards = try supernet.rewards(pixels, labels: labels, mixtures: mixtures)
      losses.reward += rewards.loss
      for choice in mixtures.indices { rounds[choice].append(rewards.rounds[choice]) }
    }
    for batch in batches {
      // The reward of a training batch is that of the weights before they learn from it.
      if search.source != .validation { try reward(batch) }
      losses.training += try train(batch, mixtures)
      if search.source == .validation { try reward(batch) }
    }
    try renewExpectations(mixtures, window: window)
    learn(rounds, mixtures: mixtures, progress: progress)
    if redoes {
      supernet.store.restore(snapshot)
      let renewed = state.mixtures.map(\.weights)
      supernet.forgetSteps(batches.count)
      for batch in batches { _ = try train(batch, renewed) }
    }
    return losses
  }

  private func learn(_ rounds: [[[[[Double]]]]], mixtures: [[Double]], progress: Double) {
    for choice in mixtures.indices {
      var penalties = Array(repeating: 0.0, count: mixtures[choice].count)
      for (ascent, expectation) in zip(state.ascents, expectations) {
        for (option, penalty) in ascent.penalties(expectation.marginals[choice]).enumerated() {
          penalties[option] += penalty
        }
      }
      if search.betaDecay > 0 {
        for option in penalties.indices {
          penalties[option] += search.betaDecay * progress * mixtures[choice][option]
        }
      }
      let isFree = penalties.allSatisfy { $0 == 0 }
      state.mixtures[choice].update(rounds[choice], penalties: isFree ? [] : penalties)
    }
    for index in costs.indices { state.ascents[index].update(expectedCost: expectations[index].cost) }
  }

  /// Finds the expected costs anew at the start of each epoch and every so many steps, so that they do not need keeping.
  private func renewExpectations(_ mixtures: [[Double]], window: Int) throws {
    let chance = RandomStream(seed: search.seed).child(UInt64(state.epoch))
    if window == 0 {
      expectations = []
      biases = try costs.map { try $0.estimate.bias(at: mixtures, using: chance.child(1 << 32)) }
      means = costs.map { _ in 0 }
    }
    for (index, cost) in costs.enumerated() {
      if index >= expectations.count || window % cost.estimate.interval == 0 {
        var fresh = try cost.estimate.expectation(of: mixtures, using: chance.child(UInt64(window)))
        fresh.cost += biases[index]
        if index < expectations.count { expectations[index] = fresh } else { expectations.append(fresh) }
      }
      means[index] += (expectations[index].cost - means[index]) / Double(window + 1)
    }
  }

  private func summary(training: Double, reward: Double) -> SearchEpoch {
    let mixtures = state.mixtures
    let counts = mixtures.map(\.clipCounts)
    let total = counts.reduce(0) { $0 + $1.of }
    let bounds = mixtures.compactMap(\.regretBound)
    let weights = mixtures.map(\.weights)
    return SearchEpoch(
      number: state.epoch, trainingLoss: training, rewardLoss: reward, mixtures: weights,
      isPresent: mixtures.map(\.isPresent),
      entropy: mixtures.reduce(0) { $0 + $1.entropy } / Double(mixtures.count),
      clippedShare: total > 0 ? Double(counts.reduce(0) { $0 + $1.clipped }) / Double(total) : 0,
      regrets: mixtures.map(\.regret), regretBounds: bounds.count == mixtures.count ? bounds : nil,
      prices: zip(costs, zip(state.ascents, means)).map {
        SearchEpoch.Price(
          criterion: $0.criterion, target: $0.target, expected: $1.1, price: $1.0.price,
          determination: $0.estimate.explainedShare)
      },
      architecture: space.architecture(of: mixtures.map(\.strengths), keepsZero: search.keepsZero), seconds: 0
    )
  }

  /// Choice by choice, the option without which the loss is largest; what was chosen before stays.
  private func perturbed() throws -> Architecture {
    var mixtures = state.mixtures.map(\.weights)
    var options: [Int] = []
    for choice in mixtures.indices {
      let candidates = mixtures[choice].indices.filter {
        state.isPresent[choice][$0] && (search.keepsZero || $0 != space.zeroOption(ofChoice: choice))
      }
      var best = (option: candidates.first ?? 0, loss: -Double.infinity)
      for option in candidates where candidates.count > 1 {
        var without = mixtures
        without[choice][option] = 0
        let sum = without[choice].reduce(0, +)
        guard sum > 0 else { return space.architecture(of: mixtures, keepsZero: search.keepsZero) }
        without[choice] = without[choice].map { $0 / sum }
        var loss = 0.0
        for indices in rewardBatches.order(epoch: 0) {
          let (pixels, labels) = rewardBatches.batch(indices)
          loss += try supernet.rewards(pixels, labels: labels, mixtures: without).loss
        }
        if loss > best.loss { best = (option, loss) }
      }
      options.append(best.option)
      mixtures[choice] = mixtures[choice].indices.map { $0 == best.option ? 1 : 0 }
    }
    return Architecture(options)
  }

  private static func mixture(
    _ method: OneShotSearch.Method, options: Int, rounds: Int, costBound: Double, countsSamples: Bool
  ) -> EdgeMixture {
    switch method {
    case .expertAdvice(let bound, let rate, let wipes):
      let theory = ExponentiatedGradient.theoryRate(
        experts: options, rounds: max(1, rounds), bound: bound + costBound)
      return EdgeMixture(
        expert: ExponentiatedGradient(
          count: options, rate: rate ?? theory, bound: bound, costBound: costBound, horizon: rounds,
          wipes: wipes),
        countsSamples: countsSamples)
    case .exponentiated(let rate):
      return EdgeMixture(
        expert: ExponentiatedGradient(
          count: options, rate: rate, bound: .infinity, costBound: costBound, horizon: rounds,
          wipes: false),
        countsSamples: false)
    case .softmaxGradient(let rate): return EdgeMixture(gradient: SoftmaxGradient(count: options, rate: rate))
    case .softmaxAdam(let rate): return EdgeMixture(adam: SoftmaxAdam(count: options, rate: rate))
    case .uniform: return EdgeMixture(gradient: SoftmaxGradient(count: options, rate: 0))
    }
  }

  private static func ascent(for cost: PricedCost, _ search: OneShotSearch, batches: Int) -> DualAscent {
    let window = if case .training(let window, _) = search.source { max(1, window) } else { 1 }
    let updates = Double(search.epochs * ((batches + window - 1) / window))
    return DualAscent(
      target: cost.target, rate: search.priceRate / updates, damping: search.priceDamping,
      largestPrice: search.largestPrice, isEquality: cost.isEquality, warmUp: Int(search.warmUp * updates))
  }

  private static func supernet(
    _ isPresent: [[Bool]], _ search: OneShotSearch, _ space: any OneShotSpace, cells: [[Int]]? = nil,
    store: WeightStore? = nil, stepCount: Int = 0
  ) throws -> Supernet {
    try Supernet(
      space.searchNetwork(
        isPresent, batch: search.batch, hasAuxiliarySkips: search.auxiliarySkip > 0),
      batch: search.batch,
      recipe: Recipe(optimizer: .sgd(momentum: 0.9, nesterov: true), weightDecay: 3e-4), cells: cells,
      store: store, stepCount: stepCount, seed: search.seed, threads: search.threads)
  }
}
