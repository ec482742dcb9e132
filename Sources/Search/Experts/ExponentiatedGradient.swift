/// Exponentiated-gradient weights with the wipeout rule of XNAS: one forecaster over N experts.
///
/// In logarithms, since weights may grow by e^√(2 T ln N): aᵢ ← aᵢ + η · clip(Rᵢ, ±L), u = softmax(a) over the alive,
/// and i is wiped for good once max a − aᵢ > 2 η L (T − t): even +L for it and −L for the leader in all rounds that are
/// left could not make it the leader. With a rate of ``theoryRate(experts:rounds:bound:)`` the regret against the best
/// expert stays below L √(2 T ln N).
/// Source: Nayman et al. 2019, arXiv:1906.08031, algorithm 1 and section 3.
package struct ExponentiatedGradient: MixtureWeights, Hashable, Codable {
  /// η.
  package let rate: Double
  /// L: rewards are clipped to ±L; infinity clips nothing.
  package let bound: Double
  /// What known costs may add to a reward, to either side: L grows to L + this in rate, wipeout and bound.
  package let costBound: Double
  /// T: rounds in the whole run.
  package let horizon: Int
  /// Whether operations that can no longer win leave the mixture.
  package let wipes: Bool
  /// t: rounds so far.
  package private(set) var round = 0
  /// aᵢ = ln vᵢ.
  package private(set) var logWeights: [Double]
  package private(set) var isAlive: [Bool]
  /// Of the rewards of the alive, how many were clipped; a run in which most are has a bound that does not fit them.
  package private(set) var clippedCount = 0
  package private(set) var rewardCount = 0
  /// −Σ ln(1 − m) over rounds, m the share of the weights wiped in a round: what wiping takes from the regret, times η.
  package private(set) var wipeGain = 0.0

  /// Equal weights for `count` experts.
  package init(
    count: Int, rate: Double, bound: Double = 1, costBound: Double = 0, horizon: Int, wipes: Bool = true
  ) {
    precondition(count > 0, "a mixture has at least one expert")
    self.rate = rate
    self.bound = bound
    self.costBound = costBound
    self.horizon = horizon
    self.wipes = wipes && bound.isFinite
    logWeights = Array(repeating: 0, count: count)
    isAlive = Array(repeating: true, count: count)
  }

  /// √(2 ln N / (T L²)): the rate with the least bound of the regret.
  package static func theoryRate(experts: Int, rounds: Int, bound: Double = 1) -> Double {
    (2 * Scalar.logarithm(Double(experts)) / (Double(rounds) * bound * bound)).squareRoot()
  }

  /// L √(2 T ln N): the most that the mixture may lose against its best expert over all rounds, at the theory's rate.
  package static func regretBound(experts: Int, rounds: Int, bound: Double = 1) -> Double {
    bound * (2 * Double(rounds) * Scalar.logarithm(Double(experts))).squareRoot()
  }

  /// ln N / η + η T L² / 2 less what wiping took: the most that the mixture may lose at this rate; nil without a bound of
  /// rewards.
  package var regretBound: Double? {
    guard bound.isFinite, rate > 0 else { return nil }
    let reach = bound + costBound
    return (Scalar.logarithm(Double(logWeights.count)) - wipeGain) / rate
      + rate * Double(horizon) * reach * reach / 2
  }

  package var weights: [Double] {
    Scalar.softmax(logWeights.indices.map { isAlive[$0] ? logWeights[$0] : -.infinity })
  }

  /// The shares that all experts would have, those that were wiped with the weights that they had then.
  ///
  /// At the end of a run the leader is alone in the mixture; this is how strong it was.
  package var strengths: [Double] { Scalar.softmax(logWeights) }

  package mutating func update(_ rewards: [Double]) { update(rounds: [rewards]) }

  /// Takes several rounds in which the mixture stayed the same, such as the samples of a batch or the copies of a cell.
  ///
  /// The clipping is done for each; operations are wiped after the last.
  ///
  /// - Parameter penalties: What a known cost takes from each reward after clipping; only differences between them count,
  ///   and they are clipped to ±``costBound`` about their middle.
  /// - Returns: The rewards as they were used, summed over the rounds; 0 for what is wiped.
  @discardableResult
  package mutating func update(rounds: [[Double]], penalties: [Double] = []) -> [Double] {
    var used = Array(repeating: 0.0, count: logWeights.count)
    let prices = centred(penalties)
    for rewards in rounds {
      precondition(rewards.count == logWeights.count, "a round has a reward for each expert")
      for expert in rewards.indices where isAlive[expert] {
        let clipped = min(max(rewards[expert], -bound), bound)
        rewardCount += 1
        if clipped != rewards[expert] { clippedCount += 1 }
        used[expert] += clipped - (prices.isEmpty ? 0 : prices[expert])
      }
    }
    for expert in used.indices { logWeights[expert] += rate * used[expert] }
    round += rounds.count
    if wipes { wipe() }
    return used
  }

  /// Penalties about the middle of those that matter.
  private func centred(_ penalties: [Double]) -> [Double] {
    let alive = penalties.indices.filter { isAlive[$0] }.map { penalties[$0] }
    guard let least = alive.min(), let most = alive.max() else { return [] }
    return penalties.map { min(max($0 - (least + most) / 2, -costBound), costBound) }
  }

  private mutating func wipe() {
    let before = weights
    let margin = 2 * rate * (bound + costBound) * Double(max(0, horizon - round))
    var leader = -Double.infinity
    for expert in logWeights.indices where isAlive[expert] { leader = max(leader, logWeights[expert]) }
    var wiped = 0.0
    for expert in logWeights.indices where isAlive[expert] && leader - logWeights[expert] > margin {
      isAlive[expert] = false
      wiped += before[expert]
    }
    if wiped > 0 { wipeGain -= Scalar.logarithm(1 - wiped) }
  }
}
