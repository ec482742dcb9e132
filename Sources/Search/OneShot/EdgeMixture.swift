import Networks

/// The mixture on an edge, learned in one of several ways.
enum EdgeMixture: Sendable {
  case expert(ExponentiatedGradient)
  case gradient(SoftmaxGradient)
  case adam(SoftmaxAdam)

  var learner: any MixtureWeights {
    switch self {
    case .expert(let learner): learner
    case .gradient(let learner): learner
    case .adam(let learner): learner
    }
  }

  var weights: [Double] { learner.weights }
  var entropy: Double { learner.entropy }

  /// Which operations are still in the mixture.
  var isPresent: [Bool] {
    switch self {
    case .expert(let expert): expert.isAlive
    case .gradient, .adam: weights.map { _ in true }
    }
  }

  /// Rewards that were clipped, and all of them.
  var clipCounts: (clipped: Int, of: Int) {
    switch self {
    case .expert(let expert): (expert.clippedCount, expert.rewardCount)
    case .gradient, .adam: (0, 0)
    }
  }

  /// The operation that the mixture stands for: the strongest but zero, which wins whenever all others have a bad batch.
  var choice: Int {
    let weights = weights
    let zero = CellOperation.allCases.firstIndex(of: .none)
    let others = weights.indices.filter { $0 != zero }
    return others.reduce(others[0]) { weights[$1] > weights[$0] ? $1 : $0 }
  }

  /// Whether each sample's reward counts by itself; gradients of logits take the mean loss's.
  var knowsRounds: Bool {
    if case .expert = self { true } else { false }
  }

  /// Takes rounds in which the mixture stayed the same.
  mutating func update(rounds: [[Double]]) {
    switch self {
    case .expert(var expert):
      expert.update(rounds: rounds)
      self = .expert(expert)
    case .gradient(var learner):
      for rewards in rounds { learner.update(rewards) }
      self = .gradient(learner)
    case .adam(var learner):
      for rewards in rounds { learner.update(rewards) }
      self = .adam(learner)
    }
  }
}
