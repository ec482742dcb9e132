/// Gradient ascent on logits α of a softmax: αᵢ ← αᵢ + r · uᵢ (Rᵢ − Σ u R).
///
/// It is what first-order DARTS does with plain gradient descent. Source: Liu et al. 2019, arXiv:1806.09055.
package struct SoftmaxGradient: MixtureWeights, Hashable, Codable {
  package let rate: Double
  package private(set) var logits: [Double]

  package init(count: Int, rate: Double) {
    self.rate = rate
    logits = Array(repeating: 0, count: count)
  }

  /// Begins with given logits.
  package init(logits: [Double], rate: Double) {
    self.rate = rate
    self.logits = logits
  }

  package var weights: [Double] { Scalar.softmax(logits) }

  package mutating func update(_ rewards: [Double]) {
    let ascent = Self.ascent(of: rewards, weights: weights)
    for index in logits.indices { logits[index] += rate * ascent[index] }
  }

  /// −∂loss/∂αᵢ = uᵢ (Rᵢ − Σ u R).
  static func ascent(of rewards: [Double], weights: [Double]) -> [Double] {
    let mean = zip(weights, rewards).reduce(0) { $0 + $1.0 * $1.1 }
    return zip(weights, rewards).map { $0 * ($1 - mean) }
  }
}

/// Adam on logits of a softmax, as DARTS' authors run it: moments of 0.5 and 0.999, weight decay on the logits.
///
/// Source: Liu et al. 2019, arXiv:1806.09055, section 3.1; Kingma and Ba 2015, arXiv:1412.6980.
package struct SoftmaxAdam: MixtureWeights, Hashable, Codable {
  /// Of the first and the second moments.
  private struct Pair: Hashable, Codable {
    var first: Double
    var second: Double
  }
  package let rate: Double
  private let decays: Pair
  package let weightDecay: Double
  package private(set) var logits: [Double]
  private var firstMoments: [Double]
  private var secondMoments: [Double]
  private var powers = Pair(first: 1, second: 1)

  package init(
    count: Int, rate: Double = 3e-4, decays: (first: Double, second: Double) = (0.5, 0.999),
    weightDecay: Double = 1e-3
  ) {
    self.rate = rate
    self.decays = Pair(first: decays.first, second: decays.second)
    self.weightDecay = weightDecay
    logits = Array(repeating: 0, count: count)
    firstMoments = logits
    secondMoments = logits
  }

  package var weights: [Double] { Scalar.softmax(logits) }

  package mutating func update(_ rewards: [Double]) {
    let ascent = SoftmaxGradient.ascent(of: rewards, weights: weights)
    powers.first *= decays.first
    powers.second *= decays.second
    for index in logits.indices {
      let gradient = weightDecay * logits[index] - ascent[index]
      firstMoments[index] = decays.first * firstMoments[index] + (1 - decays.first) * gradient
      secondMoments[index] = decays.second * secondMoments[index] + (1 - decays.second) * gradient * gradient
      let mean = firstMoments[index] / (1 - powers.first)
      let deviation = (secondMoments[index] / (1 - powers.second)).squareRoot()
      logits[index] -= rate * mean / (deviation + 1e-8)
    }
  }
}
