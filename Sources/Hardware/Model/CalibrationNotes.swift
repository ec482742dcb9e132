/// What a hardware file says of its own calibration: which numbers may move, and how the last fit came out.
package struct CalibrationNotes: Hashable, Sendable {
  /// Keys that a fit may change, in the order of the file; empty for the usual ones.
  package var parameters: [ParameterRange]
  /// How the numbers of this file were fitted; nil when they were not.
  package var outcome: CalibrationOutcome?

  package init(parameters: [ParameterRange] = [], outcome: CalibrationOutcome? = nil) {
    self.parameters = parameters
    self.outcome = outcome
  }
}

/// The values that a fit may give to a key.
package struct ParameterRange: Hashable, Sendable {
  /// A dotted path: "dma.latency".
  package var key: String
  /// Least and largest value, as the key itself is written: "4 cycles".
  package var lower: String
  package var upper: String
  /// How far the true value is thought to lie from the written one, as a share of the range; it counts where
  /// measurements are few.
  package var spread: Double

  package init(key: String, lower: String, upper: String, spread: Double = ParameterRange.usualSpread) {
    self.key = key
    self.lower = lower
    self.upper = upper
    self.spread = spread
  }

  package static let usualSpread = 0.5
}

/// What a fit found, and how wrong its predictions are.
package struct CalibrationOutcome: Hashable, Sendable {
  /// The set of measurements, and when they were taken.
  package var measurements: String
  package var date: String
  /// Digest of the file of measurements; lower-case hexadecimal.
  package var measurementsSHA256: String
  /// ``HardwareModel/fingerprint`` right after the fit: the errors hold for this machine only.
  package var fingerprint: String
  /// Which rows were fitted and which were held out.
  package var protocolSentence: String
  /// Errors on the fitted and on the held-out rows: "latency 4.0 % MAPE on 14 rows".
  package var fitError: String
  package var heldOutError: String
  package var values: [FittedValue]

  package init(
    measurements: String, date: String, measurementsSHA256: String, fingerprint: String,
    protocolSentence: String, fitError: String, heldOutError: String, values: [FittedValue]
  ) {
    self.measurements = measurements
    self.date = date
    self.measurementsSHA256 = measurementsSHA256
    self.fingerprint = fingerprint
    self.protocolSentence = protocolSentence
    self.fitError = fitError
    self.heldOutError = heldOutError
    self.values = values
  }
}

/// One number that a fit changed, as texts.
package struct FittedValue: Hashable, Sendable {
  package var key: String
  package var before: String
  package var after: String
  /// Where the value lies in 95 of 100 resamples: "50 … 64 cycles".
  package var interval: String

  package init(key: String, before: String, after: String, interval: String) {
    self.key = key
    self.before = before
    self.after = after
    self.interval = interval
  }
}
