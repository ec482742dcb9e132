/// How fast operands of one format enter the array: `1 / rate` cycles for each, to a thousandth.
///
/// Step `i` of a stream starts `⌈i / rate⌉` cycles after the first, so no stretch of a stream exceeds the rate.
package struct StreamPace: Hashable, Sendable {
  private static let parts = 1000
  private let partsPerStep: Int

  /// The pace of a format that reaches `rate` of the full rate, 0 < rate ≤ 1.
  package init(rate: Double) {
    partsPerStep = max(Self.parts, Int((Double(Self.parts) / max(rate, 0.001)).rounded()))
  }

  /// The distance between steps as (whole, numerator, denominator).
  var interval: (whole: Int, numerator: Int, denominator: Int) {
    (partsPerStep / Self.parts, partsPerStep % Self.parts, Self.parts)
  }

  /// What the fraction has accumulated before the first step, so that distances add up to whole cycles rounded up.
  var phase: Int { Self.parts - 1 }

  /// The cycles that `steps` steps take.
  package func cycles(of steps: Int) -> Int { (steps * partsPerStep + Self.parts - 1) / Self.parts }
}
