/// What a mixture earned beside what its best expert would have.
package struct RegretLedger: Hashable, Sendable, Codable {
  /// Rewards of each expert, summed over rounds.
  package private(set) var expertRewards: [Double]
  /// Rewards of the mixture, Σ uᵢ Rᵢ, summed over rounds.
  package private(set) var mixtureReward = 0.0

  package init(count: Int) { expertRewards = Array(repeating: 0, count: count) }

  /// Books a round: the weights before it, and its rewards as they were used.
  package mutating func book(weights: [Double], rewards: [Double]) {
    for index in rewards.indices {
      expertRewards[index] += rewards[index]
      mixtureReward += weights[index] * rewards[index]
    }
  }

  /// The best expert's rewards less the mixture's.
  package var regret: Double { (expertRewards.max() ?? 0) - mixtureReward }
}
