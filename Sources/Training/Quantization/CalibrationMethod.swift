#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How the range of an activation is chosen from what calibration saw.
package enum CalibrationMethod: Hashable, Sendable {
  /// The least and the greatest number.
  case minimumMaximum
  /// What a share of the numbers lies within, such as 0.9999.
  case percentile(Double)
  /// The range whose rounding and clipping have the least mean square error.
  case meanSquare
  /// The range whose quantised distribution diverges least from the real one (Migacz 2017, "8-bit inference with
  /// TensorRT", GTC).
  case entropy

  /// The methods that have a name of their own, with their names on the command line.
  package static let named: [(name: String, method: CalibrationMethod)] = [
    ("minmax", .minimumMaximum), ("percentile", .percentile(0.9999)), ("mse", .meanSquare),
    ("entropy", .entropy),
  ]
}

/// What an activation held during calibration.
package struct ActivationStatistics: Hashable, Sendable {
  /// The number of bins between the least and the greatest number.
  static let bins = 2048

  package private(set) var minimum: Float = .infinity
  package private(set) var maximum: Float = -.infinity
  /// Numbers in each bin; empty until the range is known.
  private(set) var histogram: [Int] = []

  package init() {}

  /// Widens the range by some numbers.
  package mutating func observeRange(_ numbers: [Float]) {
    for number in numbers where number.isFinite {
      minimum = min(minimum, number)
      maximum = max(maximum, number)
    }
  }

  /// Counts numbers, all of which are inside the range.
  package mutating func count(_ numbers: [Float]) {
    if histogram.isEmpty { histogram = Array(repeating: 0, count: Self.bins) }
    let width = (maximum - minimum) / Float(Self.bins)
    guard width > 0 else { return }
    for number in numbers where number.isFinite {
      histogram[min(max(Int((number - minimum) / width), 0), Self.bins - 1)] += 1
    }
  }

  /// The range that a method chooses; it contains 0, so that 0 is a number of the format.
  package func range(_ method: CalibrationMethod) -> ClosedRange<Float> {
    guard minimum <= maximum else { return 0...0 }
    let whole = min(minimum, 0)...max(maximum, 0)
    guard !histogram.isEmpty, maximum > minimum else { return whole }
    switch method {
    case .minimumMaximum: return whole
    case .percentile(let share):
      return min(quantile(1 - share), 0)...max(quantile(share), 0)
    case .meanSquare: return best(of: whole) { squareError($0) }
    case .entropy: return best(of: whole) { divergence($0) }
    }
  }

  private func center(_ bin: Int) -> Float {
    minimum + (Float(bin) + 0.5) * (maximum - minimum) / Float(Self.bins)
  }

  private func quantile(_ share: Double) -> Float {
    let wanted = Double(histogram.reduce(0, +)) * min(max(share, 0), 1)
    var seen = 0
    for (bin, count) in histogram.enumerated() {
      seen += count
      if Double(seen) >= wanted { return center(bin) }
    }
    return maximum
  }

  /// The range of least cost among the whole one cut at smaller and smaller magnitudes.
  private func best(
    of whole: ClosedRange<Float>, cost: (ClosedRange<Float>) -> Double
  ) -> ClosedRange<Float> {
    let largest = max(-whole.lowerBound, whole.upperBound)
    var best = (range: whole, cost: cost(whole))
    for step in 1..<96 {
      let limit = largest * Float(100 - step) / 100
      let range = max(whole.lowerBound, -limit)...min(whole.upperBound, limit)
      let found = cost(range)
      if found < best.cost { best = (range, found) }
    }
    return best.range
  }

  private func squareError(_ range: ClosedRange<Float>) -> Double {
    let step = (range.upperBound - range.lowerBound) / 255
    var sum = 0.0
    for (bin, count) in histogram.enumerated() where count > 0 {
      let number = center(bin)
      let cut = min(max(number, range.lowerBound), range.upperBound)
      let rounded = ((cut - range.lowerBound) / step).rounded() * step + range.lowerBound
      sum += Double(count) * Double((number - rounded) * (number - rounded))
    }
    return sum
  }

  /// The Kullback–Leibler divergence of the histogram, with what is cut at its ends, from its 256 levels.
  private func divergence(_ range: ClosedRange<Float>) -> Double {
    let inside = histogram.indices.filter { range.contains(center($0)) }
    guard let first = inside.first, let last = inside.last, last - first >= 256 else { return .infinity }
    var real = histogram[first...last].map(Double.init)
    real[0] += Double(histogram[..<first].reduce(0, +))
    real[real.count - 1] += Double(histogram[(last + 1)...].reduce(0, +))
    let inner = histogram[first...last].map(Double.init)
    var levels = Array(repeating: 0.0, count: real.count)
    for level in 0..<256 {
      let bins = part(level, of: 256, real.count)
      let filled = bins.count { real[$0] > 0 }
      guard filled > 0 else { continue }
      let sum = bins.reduce(0) { $0 + inner[$1] }
      for bin in bins where real[bin] > 0 { levels[bin] = sum / Double(filled) }
    }
    let (p, q) = (real.reduce(0, +), levels.reduce(0, +))
    guard p > 0, q > 0 else { return .infinity }
    return zip(real, levels).reduce(0) { sum, pair in
      // A level that is empty where numbers were costs as much as a tiny one.
      pair.0 == 0 ? sum : sum + pair.0 / p * log(pair.0 / p / max(pair.1 / q, 1e-9))
    }
  }
}
