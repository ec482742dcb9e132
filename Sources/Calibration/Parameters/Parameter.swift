/// A number of a machine that a fit may change.
package struct Parameter: Hashable, Sendable {
  /// A dotted path, as `--set` takes it: "dma.latency".
  package var key: String
  /// The value before the fit, and the least and largest that it may take.
  var before: WrittenNumber
  var lower: WrittenNumber
  var upper: WrittenNumber
  /// How far the true value is thought to lie from the one before, as a share of the range.
  package var spread: Double
  /// Whether the scale between the bounds is logarithmic: bandwidths and energies.
  var isLogarithmic: Bool

  /// The written value at a place between the bounds, 0 … 1.
  func value(at place: Double) -> WrittenNumber {
    let share = min(1, max(0, place))
    guard isLogarithmic else {
      return before.with(lower.value + share * (upper.value - lower.value))
    }
    return before.with(lower.value * exponential(share * logarithm(upper.value / lower.value)))
  }

  /// Where a value lies between the bounds, 0 … 1.
  func place(of value: Double) -> Double {
    let share =
      isLogarithmic
      ? logarithm(max(value, lower.value) / lower.value) / logarithm(upper.value / lower.value)
      : (value - lower.value) / (upper.value - lower.value)
    return min(1, max(0, share))
  }

  /// The smallest step between two values that differ when written, as a share of the range.
  var resolution: Double {
    guard before.isWhole else { return 0 }
    return 1 / max(1, upper.value - lower.value)
  }

  /// Whether it prices an action or is a static power; such parameters change no time.
  package var isEnergy: Bool { key.hasPrefix("energy.") }
}
