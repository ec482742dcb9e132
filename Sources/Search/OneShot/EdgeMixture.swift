/// The mixture of one choice, learned in one of several ways, and what it earned.
struct EdgeMixture: Hashable, Sendable, Codable {
  private enum Learner: Hashable, Sendable, Codable {
    case expert(ExponentiatedGradient)
    case gradient(SoftmaxGradient)
    case adam(SoftmaxAdam)

    var mixture: any MixtureWeights {
      switch self {
      case .expert(let learner): learner
      case .gradient(let learner): learner
      case .adam(let learner): learner
      }
    }
  }
  private var learner: Learner
  private var ledger: RegretLedger
  /// Whether each sample in each cell is a round, or each batch in each cell.
  private let countsSamples: Bool

  init(expert: ExponentiatedGradient, countsSamples: Bool) {
    self.init(.expert(expert), count: expert.weights.count, countsSamples: countsSamples)
  }

  init(gradient: SoftmaxGradient) {
    self.init(.gradient(gradient), count: gradient.logits.count, countsSamples: false)
  }

  init(adam: SoftmaxAdam) { self.init(.adam(adam), count: adam.logits.count, countsSamples: false) }

  private init(_ learner: Learner, count: Int, countsSamples: Bool) {
    self.learner = learner
    self.countsSamples = countsSamples
    ledger = RegretLedger(count: count)
  }

  var weights: [Double] { learner.mixture.weights }
  /// The same, with the options that were wiped as strong as they were then: mixtures can be compared by it.
  var strengths: [Double] {
    if case .expert(let expert) = learner { expert.strengths } else { weights }
  }
  var entropy: Double { learner.mixture.entropy }
  var regret: Double { ledger.regret }

  /// Which options are still in the mixture.
  var isPresent: [Bool] {
    if case .expert(let expert) = learner { expert.isAlive } else { weights.map { _ in true } }
  }

  /// What theory allows the regret to be at the end of the run.
  var regretBound: Double? { if case .expert(let expert) = learner { expert.regretBound } else { nil } }

  /// The run for which the mixture was made: its rounds and its rate.
  var horizon: (rounds: Int, rate: Double)? {
    if case .expert(let expert) = learner { (expert.horizon, expert.rate) } else { nil }
  }

  /// Rewards that were clipped, and all of them.
  var clipCounts: (clipped: Int, of: Int) {
    if case .expert(let expert) = learner { (expert.clippedCount, expert.rewardCount) } else { (0, 0) }
  }

  /// Takes the rewards of some batches, in which the mixture stayed the same.
  ///
  /// - Parameters:
  ///   - batches: For each batch and each cell, a round for each sample.
  ///   - penalties: What a known cost takes from each reward, in each round.
  mutating func update(_ batches: [[[[Double]]]], penalties: [Double]) {
    let before = weights
    let used: [Double]
    switch learner {
    case .expert(var expert):
      let cells = batches.joined()
      used = expert.update(
        rounds: countsSamples ? Array(cells.joined()) : cells.map(Self.mean), penalties: penalties)
      learner = .expert(expert)
    case .gradient(var gradient):
      used = Self.total(batches, penalties)
      gradient.update(used)
      learner = .gradient(gradient)
    case .adam(var adam):
      used = Self.total(batches, penalties)
      adam.update(used)
      learner = .adam(adam)
    }
    ledger.book(weights: before, rewards: used)
  }

  /// The rewards of the mean loss of a batch in one cell.
  private static func mean(_ samples: [[Double]]) -> [Double] {
    guard let first = samples.first else { return [] }
    return first.indices.map { index in samples.reduce(0) { $0 + $1[index] } / Double(samples.count) }
  }

  /// −∂(Σ mean losses + costs)/∂u: the sum over batches and cells.
  private static func total(_ batches: [[[[Double]]]], _ penalties: [Double]) -> [Double] {
    let means = batches.joined().map(mean)
    guard let first = means.first else { return penalties.map { -$0 } }
    return first.indices.map { index in
      let penalty = penalties.isEmpty ? 0 : penalties[index] * Double(batches.count)
      return means.reduce(0) { $0 + $1[index] } - penalty
    }
  }
}
