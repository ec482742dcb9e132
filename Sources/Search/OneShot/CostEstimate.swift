package import Measures

/// What an architecture drawn from mixtures costs on average, and how that depends on the mixtures.
package protocol CostEstimate: Sendable {
  /// E[c] and ∂E[c]/∂u(choice, option) = E[c | option taken], the latter up to a constant for each choice.
  ///
  /// - Throws: What finding out the cost of an architecture throws.
  func expectation(
    of mixtures: [[Double]], using random: RandomStream
  ) throws -> (cost: Double, marginals: [[Double]])

  /// What expectations lack at these mixtures, to be added to them for the time that mixtures stay near; 0 where they are true.
  ///
  /// - Throws: What finding out the cost of an architecture throws.
  func bias(at mixtures: [[Double]], using random: RandomStream) throws -> Double

  /// Steps of a search for which an expectation is good enough.
  var interval: Int { get }

  /// The share of the variance of costs that a table explains; nil where there is none.
  var explainedShare: Double? { get }
}

extension CostEstimate {
  package func bias(at mixtures: [[Double]], using random: RandomStream) throws -> Double { 0 }
  package var explainedShare: Double? { nil }
}

extension CostTable: CostEstimate {
  /// Exact where costs add up: the marginals are the entries.
  package func expectation(
    of mixtures: [[Double]], using random: RandomStream
  ) throws -> (cost: Double, marginals: [[Double]]) {
    (expectation(mixtures), costs)
  }

  package var interval: Int { 1 }
  package var explainedShare: Double? { determination }
}

/// Expected costs by sampling: without bias, and without a model of how costs add up.
///
/// Architectures are drawn from the mixtures; in each, each choice is decided in every way while the others stay.
package struct SampledCost: CostEstimate {
  private let samples: Int
  package let interval: Int
  private let cost: @Sendable (Architecture) throws -> Double

  /// - Parameters:
  ///   - cost: The cost of one architecture; it is asked for samples × options of them at each expectation, often for the
  ///     same ones.
  package init(
    samples: Int, interval: Int = 16, cost: @escaping @Sendable (Architecture) throws -> Double
  ) {
    self.samples = max(1, samples)
    self.interval = max(1, interval)
    self.cost = cost
  }

  package func expectation(
    of mixtures: [[Double]], using random: RandomStream
  ) throws -> (cost: Double, marginals: [[Double]]) {
    var random = random
    var total = 0.0
    var marginals = mixtures.map { Array(repeating: 0.0, count: $0.count) }
    for _ in 0..<samples {
      let drawn = Architecture(drawnFrom: mixtures, using: &random)
      total += try cost(drawn) / Double(samples)
      for choice in mixtures.indices {
        for option in mixtures[choice].indices {
          var other = drawn
          other.options[choice] = option
          marginals[choice][option] += try cost(other) / Double(samples)
        }
      }
    }
    return (total, marginals)
  }
}

extension Architecture {
  /// One in which each choice is drawn from its mixture.
  init(drawnFrom mixtures: [[Double]], using random: inout RandomStream) {
    self.init(
      mixtures.map { weights in
        let place = random.uniform()
        var sum = 0.0
        for (option, weight) in weights.enumerated() {
          sum += weight
          if place < sum { return option }
        }
        return weights.lastIndex { $0 > 0 } ?? 0
      })
  }
}

/// A cost that a one-shot search holds to a target by dual ascent.
package struct PricedCost: Sendable {
  package var criterion: Criterion
  /// In the criterion's unit.
  package var target: Double
  /// Whether the cost is wanted at its target and not only within it.
  package var isEquality: Bool
  package var estimate: any CostEstimate

  package init(
    _ criterion: Criterion, target: Double, isEquality: Bool = false, estimate: any CostEstimate
  ) {
    self.criterion = criterion
    self.target = target
    self.isEquality = isEquality
    self.estimate = estimate
  }
}
