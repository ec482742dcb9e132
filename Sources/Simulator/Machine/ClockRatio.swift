package import Measures

/// Exact conversion of a cycle count from one clock domain to another.
///
/// Frequencies are taken as whole hertz, so that no rounding accumulates however long the run.
package struct ClockRatio: Hashable, Sendable {
  private let multiplier: Int
  private let divisor: Int

  /// The ratio that converts cycles of `source` to cycles of `target`.
  package init(from source: Hertz, to target: Hertz) {
    let numerator = max(1, Int(target.value.rounded()))
    let denominator = max(1, Int(source.value.rounded()))
    let common = Self.greatestCommonDivisor(numerator, denominator)
    multiplier = numerator / common
    divisor = denominator / common
  }

  /// The first edge of the target clock at or after edge `cycle` of the source clock.
  @inline(__always)
  package func firstEdge(atOrAfter cycle: Int) -> Int {
    if multiplier == divisor { return cycle }
    let (product, overflows) = cycle.multipliedReportingOverflow(by: multiplier)
    guard !overflows, product <= Int.max - divisor else { return wide(cycle) }
    return (product + divisor - 1) / divisor
  }

  /// The target cycles that `cycles` source cycles last, rounded up.
  package func span(of cycles: Int) -> Int { firstEdge(atOrAfter: cycles) }

  /// The last edge of the target clock at or before edge `cycle` of the source clock.
  package func lastEdge(atOrBefore cycle: Int) -> Int {
    if multiplier == divisor { return cycle }
    let (high, low) = cycle.multipliedFullWidth(by: multiplier)
    return high < divisor ? divisor.dividingFullWidth((high, low)).quotient : Int.max
  }

  private func wide(_ cycle: Int) -> Int {
    let (high, low) = cycle.multipliedFullWidth(by: multiplier)
    guard high < divisor else { return Int.max }
    let (quotient, remainder) = divisor.dividingFullWidth((high, low))
    return remainder == 0 ? quotient : quotient + 1
  }

  /// Target cycles of `cycles` source cycles as (whole, numerator, denominator).
  package func mixed(of cycles: Int) -> (whole: Int, numerator: Int, denominator: Int) {
    let (high, low) = cycles.multipliedFullWidth(by: multiplier)
    let (quotient, remainder) = divisor.dividingFullWidth((high, low))
    return (quotient, remainder, divisor)
  }

  /// How far ``firstEdge(atOrAfter:)`` of edge `cycle` has been rounded up, as what a sum of mixed distances has to start
  /// from to be rounded alike; in parts of the denominator.
  package func phase(ofEdgeAfter cycle: Int) -> Int {
    (cycle % divisor * multiplier % divisor + divisor - 1) % divisor
  }

  private static func greatestCommonDivisor(_ first: Int, _ second: Int) -> Int {
    var (larger, smaller) = (first, second)
    while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
    return larger
  }
}
