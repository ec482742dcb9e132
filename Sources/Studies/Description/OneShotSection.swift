package import Search

/// How one-shot strategies search.
package struct OneShotSection: Hashable, Sendable {
  package enum Rounds: String, CaseIterable, Hashable, Sendable {
    case perSample = "per-sample"
    case perBatch = "per-batch"
  }
  package enum Source: String, CaseIterable, Hashable, Sendable {
    case validation
    case training
  }
  package enum CostModel: String, CaseIterable, Hashable, Sendable {
    /// Costs of operations, fitted to simulations of whole networks.
    case table
    /// Simulations of networks drawn from the mixtures.
    case sampled
  }
  package var epochs = 30
  package var batch = 64
  /// Of the weights.
  package var rate = 0.05
  /// Of the mixtures; nil for what the strategy's paper takes.
  package var mixtureRate: Double?
  package var rounds = Rounds.perSample
  package var bound = 1.0
  package var wipes = true
  package var source = Source.validation
  package var window = 10
  package var redoesWeights = false
  package var costModel = CostModel.table
  package var costSamples = 200
  package var priceRate = 20.0
  package var priceDamping = 1.5
  package var largestPrice = 0.5
  package var warmUp = 0.15
  package var selection = OneShotSearch.Selection.strongest
  package var keepsZero = false
  package var skipLimit: Int?
  package var betaDecay = 0.0
  package var auxiliarySkip = 0.0
  package var finalists = 1

  package init() {}
}

extension StudyDescription {
  /// The one-shot search that the study begins with; nil where its strategy is no such one.
  package func oneShotSearch(threads: Int) -> OneShotSearch? {
    let section = strategy.oneShot ?? OneShotSection()
    let method: OneShotSearch.Method
    switch strategy.name {
    case .xnas:
      method = .expertAdvice(bound: section.bound, rate: section.mixtureRate, wipes: section.wipes)
    case .gaea: method = .exponentiated(rate: section.mixtureRate ?? 0.1)
    case .darts: method = .softmaxAdam(rate: section.mixtureRate ?? 3e-4)
    case .softmaxGradient: method = .softmaxGradient(rate: section.mixtureRate ?? 0.1)
    case .random, .regularizedEvolution, .localSearch, .nsga2, .paretoMutation: return nil
    }
    var search = OneShotSearch(
      method: method, epochs: section.epochs, batch: section.batch, rate: section.rate,
      countsSamples: section.rounds == .perSample, seed: UInt64(seed), threads: threads)
    if section.source == .training {
      search.source = .training(window: section.window, redoesWeights: section.redoesWeights)
    }
    search.priceRate = section.priceRate
    search.priceDamping = section.priceDamping
    search.largestPrice = section.largestPrice
    search.warmUp = section.warmUp
    search.selection = section.selection
    search.keepsZero = section.keepsZero
    search.skipLimit = section.skipLimit
    search.betaDecay = section.betaDecay
    search.auxiliarySkip = section.auxiliarySkip
    return search
  }
}
