/// Two series of equal length, value beside value: what was predicted and what was measured.
package struct Pairs: Hashable, Sendable {
  package var predicted: [Double]
  package var measured: [Double]

  /// - Precondition: both series have the same length.
  package init(predicted: [Double], measured: [Double]) {
    precondition(predicted.count == measured.count, "pairs need two series of one length")
    self.predicted = predicted
    self.measured = measured
  }

  package var count: Int { predicted.count }

  /// |predicted − measured| / |measured|, pair by pair.
  package var absoluteRelativeErrors: [Double] {
    zip(predicted, measured).map { abs($0 - $1) / abs($1) }
  }

  /// The mean of the absolute relative errors (MAPE as a fraction); not-a-number for no pairs.
  package var meanAbsoluteRelativeError: Double { absoluteRelativeErrors.mean }

  /// The median of the absolute relative errors; not-a-number for no pairs.
  package var medianAbsoluteRelativeError: Double { absoluteRelativeErrors.median }

  /// The share of pairs whose prediction is off by at most `tolerance` of the measured value.
  package func shareWithin(_ tolerance: Double) -> Double {
    // A prediction of 110 for 100 is within 10 %, whatever its last bit.
    Double(absoluteRelativeErrors.count { $0 <= tolerance + 1e-12 }) / Double(count)
  }
}
