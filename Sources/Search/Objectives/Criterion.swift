package import Measures

/// What networks are judged by; raw values are the names in study files.
package enum Criterion: String, CaseIterable, Hashable, Sendable, Codable {
  /// Accuracy, or what stands for it: the larger the better.
  case quality
  case latency
  case energy
  case averagePower = "average-power"
  case peakPower = "peak-power"

  /// The unit of its values; quality has none.
  package var unit: String? {
    switch self {
    case .quality: nil
    case .latency: Seconds.unit
    case .energy: Joules.unit
    case .averagePower, .peakPower: Watts.unit
    }
  }
}

/// What was found out about a network on a machine.
package struct Metrics: Hashable, Sendable, Codable {
  /// Between 0 and 1 for an accuracy; any number for an estimate, larger is better.
  package var quality: Double
  /// In seconds.
  package var latency: Double
  /// In joules.
  package var energy: Double
  /// The largest power of any window of time, in watts.
  package var peakPower: Double

  package init(quality: Double, latency: Seconds, energy: Joules, peakPower: Watts = .zero) {
    self.quality = quality
    self.latency = latency.value
    self.energy = energy.value
    self.peakPower = peakPower.value
  }

  /// Energy by latency, in watts.
  package var averagePower: Double { latency > 0 ? energy / latency : 0 }

  /// The value of a criterion in its unit.
  package subscript(criterion: Criterion) -> Double {
    switch criterion {
    case .quality: quality
    case .latency: latency
    case .energy: energy
    case .averagePower: averagePower
    case .peakPower: peakPower
    }
  }
}
