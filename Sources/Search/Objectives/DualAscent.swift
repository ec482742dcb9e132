/// The price of a cost, raised while the expected cost is above its target and lowered while it is below.
///
/// λ ← clip(λ + ρ x) for the excess x = E[c]/c₀ − 1, and in force is clip(λ + κ x). Rewards add up in a mixture and excesses
/// in a multiplier: without κ the two swing about the target like a weight on a spring, and κ is what damps them (the
/// quadratic term of an augmented Lagrangian). A cost that must not exceed its target has no price below zero; one that is
/// wanted from both sides has, so that dear operations are rewarded while the cost is too low. At the start the price is zero,
/// so that untrained weights do not choose the cheapest operations.
/// Sources: Boyd and Vandenberghe, Convex Optimization, section 5; Bertsekas, Constrained Optimization and Lagrange
/// Multiplier Methods, section 2; for the target as an equality Bender et al. 2020 (TuNAS), arXiv:2008.06120.
package struct DualAscent: Hashable, Sendable, Codable {
  /// c₀, in the cost's unit.
  package let target: Double
  /// ρ.
  package let rate: Double
  /// κ.
  package let damping: Double
  /// λmax: it bounds the composite reward, to both sides.
  package let largestPrice: Double
  /// Whether the cost is wanted at its target and not only within it.
  package let isEquality: Bool
  /// Updates during which the price stays at zero.
  package let warmUp: Int
  /// λ.
  package private(set) var multiplier = 0.0
  /// What is in force: λ with its damping.
  package private(set) var price = 0.0
  package private(set) var updateCount = 0

  package init(
    target: Double, rate: Double = 0.02, damping: Double = 0, largestPrice: Double = 1,
    isEquality: Bool = false, warmUp: Int = 0
  ) {
    self.target = target
    self.rate = rate
    self.damping = damping
    self.largestPrice = largestPrice
    self.isEquality = isEquality
    self.warmUp = warmUp
  }

  /// Takes the expected cost of the present mixture.
  package mutating func update(expectedCost: Double) {
    updateCount += 1
    guard updateCount > warmUp else { return }
    let excess = expectedCost / target - 1
    multiplier = clipped(multiplier + rate * excess)
    price = clipped(multiplier + damping * excess)
  }

  private func clipped(_ price: Double) -> Double {
    min(largestPrice, max(isEquality ? -largestPrice : 0, price))
  }

  /// What the price takes from the reward of each operation: λ mᵢ / c₀ for marginal costs m.
  package func penalties(_ marginalCosts: [Double]) -> [Double] {
    marginalCosts.map { price * $0 / target }
  }

  /// By how much the bound L of rewards grows: λmax (max m − min m) / (2 c₀), whichever sign the price has.
  package func boundIncrease(_ marginalCosts: [Double]) -> Double {
    guard let least = marginalCosts.min(), let most = marginalCosts.max() else { return 0 }
    return largestPrice * (most - least) / (2 * target)
  }
}
