#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A mapping from a range of numbers to 0 … 1, linear or by powers of ten.
struct Scale: Hashable, Sendable {
  var lower: Double
  var upper: Double
  var isLogarithmic: Bool

  /// From 0 to `upper`, widened to the next round number; the axis of nothing goes to 1.
  init(linearTo upper: Double) {
    lower = 0
    isLogarithmic = false
    let step = Scale.step(for: upper > 0 && upper.isFinite ? upper : 1, count: 4)
    self.upper = max(1, ((upper.isFinite ? upper : 1) / step).rounded(.up)) * step
  }

  /// Round numbers around `values`, wherever they lie.
  init(linearAround values: [Double]) {
    let finite = values.filter(\.isFinite)
    let (least, most) = (finite.min() ?? 0, finite.max() ?? 1)
    let step = Scale.step(for: most > least ? most - least : max(abs(most), 1), count: 4)
    lower = (least / step).rounded(.down) * step
    upper = max((most / step).rounded(.up) * step, lower + step)
    isLogarithmic = false
  }

  /// From 0 to exactly `upper`.
  init(exactlyTo upper: Double) {
    lower = 0
    self.upper = upper > 0 && upper.isFinite ? upper : 1
    isLogarithmic = false
  }

  /// Round numbers (1, 2 or 5 times a power of ten) around `values`, which must be positive; at least one decade.
  init(logarithmicAround values: [Double]) {
    let positive = values.filter { $0 > 0 && $0.isFinite }
    let least = positive.min() ?? 1
    lower = Scale.rounded(least, up: false)
    upper = max(Scale.rounded(positive.max() ?? least, up: true), lower * 10)
    isLogarithmic = true
  }

  /// Where `value` lies, kept within 0 … 1.
  func fraction(_ value: Double) -> Double {
    guard value.isFinite else { return value > 0 ? 1 : 0 }
    let position =
      isLogarithmic
      ? (value > 0 ? (log10(value) - log10(lower)) / (log10(upper) - log10(lower)) : 0)
      : (value - lower) / (upper - lower)
    return min(max(position, 0), 1)
  }

  /// Round numbers within the range: about `count` of them, or the decades of a logarithmic scale.
  func ticks(_ count: Int = 4) -> [Double] {
    if isLogarithmic {
      let decades = Int(log10(lower).rounded(.down))...Int(log10(upper).rounded(.up))
      let leading = upper / lower > 300 ? [1.0] : [1, 2, 5]
      return decades.flatMap { decade in leading.map { $0 * pow(10, Double(decade)) } }
        .filter { $0 >= lower * 0.999 && $0 <= upper * 1.001 }
    }
    let step = Scale.step(for: upper - lower, count: count)
    let first = Int((lower / step - 1e-9).rounded(.up))
    let last = Int((upper / step + 1e-9).rounded(.down))
    return (first...max(first, last)).map { Double($0) * step }
  }

  /// 1, 2 or 5 times a power of ten, such that about `count` steps make `range`.
  static func step(for range: Double, count: Int) -> Double {
    let rough = range / Double(count)
    let decade = pow(10, log10(rough).rounded(.down))
    let leading = rough / decade
    return decade * (leading <= 1 ? 1 : leading <= 2 ? 2 : leading <= 5 ? 5 : 10)
  }

  /// The next 1, 2 or 5 times a power of ten above or below a positive number.
  private static func rounded(_ value: Double, up: Bool) -> Double {
    let decade = pow(10, log10(value).rounded(.down))
    let steps = [1.0, 2, 5, 10].map { $0 * decade }
    return up
      ? steps.first { $0 >= value * 0.999 } ?? decade * 10 : steps.last { $0 <= value * 1.001 } ?? decade
  }
}
