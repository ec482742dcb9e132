package import Measures

/// What an architecture drawn from mixtures costs on average, and how that depends on the mixtures.
package protocol CostEstimate: Sendable {
  /// E[c] and ∂E[c]/∂u(choice, option) = E[c | option taken], the latter up to a constant for each choice.
  ///
  /// - Throws: What finding out the cost of an architecture throws.
  func expectation(
    of mixtures: [[Double]], using random: RandomStream
  ) throws -> (cost: Double, marginals: [[Double]])

  /// Steps of a search for which an expectation is good enough.
  var interval: Int { get }
}

extension CostTable: CostEstimate {
  /// Exact where costs add up: the marginals are the entries.
  package func expectation(
    of mixtures: [[Double]], using random: RandomStream
  ) throws -> (cost: Double, marginals: [[Double]]) {
    (expectation(mixtures), costs)
  }

  package var interval: Int { 1 }
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
      let drawn = Architecture(mixtures.map { Self.draw($0, random.uniform()) })
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

  /// The option at a place between 0 and 1 of the weights laid end to end.
  private static func draw(_ weights: [Double], _ place: Double) -> Int {
    var sum = 0.0
    for (option, weight) in weights.enumerated() {
      sum += weight
      if place < sum { return option }
    }
    return weights.lastIndex { $0 > 0 } ?? 0
  }
}

/// A cost that a one-shot search holds to a target by dual ascent.
package struct PricedCost: Sendable {
  package var criterion: Criterion
  /// In the criterion's unit.
  package var target: Double
  package var estimate: any CostEstimate

  package init(_ criterion: Criterion, target: Double, estimate: any CostEstimate) {
    self.criterion = criterion
    self.target = target
    self.estimate = estimate
  }
}
