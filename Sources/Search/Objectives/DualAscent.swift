/// The price of a cost, raised while the expected cost is above its target and lowered while it is below.
///
/// λ ← min(λmax, max(0, λ + ρ (E[c]/c₀ − 1))). At the start it is free, so that untrained weights do not choose the
/// cheapest operations. Source: Lagrangian dual ascent, Boyd and Vandenberghe, Convex Optimization, section 5.
package struct DualAscent: Hashable, Sendable, Codable {
  /// c₀, in the cost's unit.
  package let target: Double
  /// ρ.
  package let rate: Double
  /// λmax: it bounds the composite reward.
  package let largestPrice: Double
  /// Updates during which the price stays at zero.
  package let warmUp: Int
  package private(set) var price = 0.0
  package private(set) var updateCount = 0

  package init(target: Double, rate: Double = 0.02, largestPrice: Double = 1, warmUp: Int = 0) {
    self.target = target
    self.rate = rate
    self.largestPrice = largestPrice
    self.warmUp = warmUp
  }

  /// Takes the expected cost of the present mixture.
  package mutating func update(expectedCost: Double) {
    updateCount += 1
    guard updateCount > warmUp else { return }
    price = min(largestPrice, max(0, price + rate * (expectedCost / target - 1)))
  }

  /// What the price takes from the reward of each operation: λ mᵢ / c₀ for marginal costs m.
  package func penalties(_ marginalCosts: [Double]) -> [Double] {
    marginalCosts.map { price * $0 / target }
  }

  /// By how much the bound L of rewards grows: λmax (max m − min m) / (2 c₀).
  package func boundIncrease(_ marginalCosts: [Double]) -> Double {
    guard let least = marginalCosts.min(), let most = marginalCosts.max() else { return 0 }
    return largestPrice * (most - least) / (2 * target)
  }
}
