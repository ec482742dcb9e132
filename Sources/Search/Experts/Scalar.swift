import RealModule

/// Functions of one number.
enum Scalar {
  static func exponential(_ value: Double) -> Double { .exp(value) }
  static func logarithm(_ value: Double) -> Double { .log(value) }

  /// The shares of exp(x) in their sum; entries of −∞ have none.
  ///
  /// Large arguments do not overflow.
  static func softmax(_ values: [Double]) -> [Double] {
    let largest = values.max() ?? 0
    let powers = values.map { exponential($0 - largest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}
