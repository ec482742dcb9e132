/// What is known after an epoch of a one-shot search.
package struct SearchEpoch: Hashable, Sendable, Codable {
  /// From 1.
  package var number: Int
  /// The mean loss of the images that weights learn from.
  package var trainingLoss: Double
  /// The mean loss of the images that mixtures learn from.
  package var rewardLoss: Double
  /// For each choice of the space, the weight of each option.
  package var mixtures: [[Double]]
  /// For each choice of the space, whether each option is still in the mixture.
  package var isPresent: [[Bool]]
  /// The entropy of a mixture, the mean over choices, in nats.
  package var entropy: Double
  /// The share of rewards so far that were clipped.
  package var clippedShare: Double
  /// For each choice, the rewards of its best option less those of its mixture, so far and as they were used.
  package var regrets: [Double]
  /// For each choice, what theory allows the regret to be at the end of the run; nil where there is no theory.
  package var regretBounds: [Double]?
  /// The costs that the search holds to a target.
  package var prices: [Price]
  /// The architecture that the mixtures stand for.
  package var architecture: Architecture
  /// Wall-clock time of the epoch.
  package var seconds: Double

  /// A cost and the price that was put on it.
  package struct Price: Hashable, Sendable, Codable {
    package var criterion: Criterion
    /// In the criterion's unit.
    package var target: Double
    /// The cost of an architecture drawn from the mixtures, on average, and that averaged over the epoch's steps.
    package var expected: Double
    /// λ in force behind the epoch; below 0 where the cost is wanted from both sides and too low.
    package var price: Double
    /// The share of the variance that the table of costs explains, from which `expected` is; nil without a table.
    package var determination: Double?

    package init(
      criterion: Criterion, target: Double, expected: Double, price: Double, determination: Double? = nil
    ) {
      self.criterion = criterion
      self.target = target
      self.expected = expected
      self.price = price
      self.determination = determination
    }
  }

  package init(
    number: Int, trainingLoss: Double, rewardLoss: Double, mixtures: [[Double]], isPresent: [[Bool]],
    entropy: Double, clippedShare: Double, regrets: [Double], regretBounds: [Double]?, prices: [Price],
    architecture: Architecture, seconds: Double
  ) {
    self.number = number
    self.trainingLoss = trainingLoss
    self.rewardLoss = rewardLoss
    self.mixtures = mixtures
    self.isPresent = isPresent
    self.entropy = entropy
    self.clippedShare = clippedShare
    self.regrets = regrets
    self.regretBounds = regretBounds
    self.prices = prices
    self.architecture = architecture
    self.seconds = seconds
  }

  /// Options that were wiped so far, over all choices.
  package var wipedCount: Int { isPresent.reduce(0) { $0 + $1.count { !$0 } } }
}
