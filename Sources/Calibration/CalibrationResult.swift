package import Formats
package import Hardware
package import Measures

/// What a calibration found and how far it can be trusted.
package struct CalibrationResult: Sendable {
  package var hardware: String
  package var set: MeasurementSet
  /// Which rows were fitted and which were not, as one sentence.
  package var protocolSentence: String
  package var parameters: [FittedParameter]
  /// Parameters that could have been fitted and were not, and why.
  package var leftOut: [LeftOut]
  package var rows: [RowOutcome]
  package var quantities: [QuantityOutcome]
  /// Pairs of parameters, by key, that the measurements cannot tell apart, with their correlation.
  package var confusions: [Confusion]
  package var correlations: [[Double]]
  /// What the user should know, one sentence each.
  package var warnings: [Diagnostic]
  package var evaluations: Int
  package var simulations: Int
  package var hasConverged: Bool
  package var model: HardwareModel

  /// A parameter with its new value.
  package struct FittedParameter: Hashable, Sendable {
    package var key: String
    package var before: String
    package var after: String
    package var lower: String
    package var upper: String
    /// Where it lies in 95 of 100 resamples.
    package var interval: String
    /// The change of the predictions over its whole range, in log units; not-a-number where it was not computed.
    package var effect: Double
  }

  package struct LeftOut: Hashable, Sendable {
    package var key: String
    package var reason: String
  }

  package struct Confusion: Hashable, Sendable {
    package var first: String
    package var second: String
    package var correlation: Double
  }

  /// One measured value with its predictions.
  package struct RowOutcome: Hashable, Sendable {
    package var name: String
    package var group: String
    package var layerClass: String
    package var quantity: MeasuredQuantity
    package var measured: Double
    /// On the machine as it was, and as it is now.
    package var before: Double
    package var after: Double
    /// By a fit that did not see the row; nil where there is none.
    package var heldOut: Double?
    package var isFitted: Bool

    /// The prediction that judges the row.
    package var judged: Double { heldOut ?? after }
  }

  /// The errors of one measured quantity.
  package struct QuantityOutcome: Hashable, Sendable {
    package var quantity: MeasuredQuantity
    package var before: ErrorSummary
    package var fitted: ErrorSummary
    package var heldOut: ErrorSummary?
    package var baselines: [BaselineOutcome]
    package var repeats: Repeats?

    /// Whether the simulator is better than the fit to operation counts, on held-out rows where there are any.
    package var beatsOperationCounts: Bool? {
      guard let counts = baselines.first(where: { $0.baseline == .operationCounts }) else { return nil }
      guard let heldOut, let other = counts.heldOut else {
        return fitted.meanError < counts.fitted.meanError
      }
      return heldOut.meanError < other.meanError
    }
  }

  package struct BaselineOutcome: Hashable, Sendable {
    package var baseline: Baseline
    package var fitted: ErrorSummary
    package var heldOut: ErrorSummary?
  }
}

/// The statistics of some predictions.
package struct ErrorSummary: Hashable, Sendable {
  package var count: Int
  /// MAPE, as a fraction.
  package var meanError: Double
  package var medianError: Double
  package var shareWithinTenPercent: Double
  package var kendallTau: Double
  package var spearman: Double
  package var rSquared: Double

  package init(_ pairs: Pairs) {
    count = pairs.count
    meanError = pairs.meanAbsoluteRelativeError
    medianError = pairs.medianAbsoluteRelativeError
    shareWithinTenPercent = pairs.shareWithin(0.1)
    kendallTau = pairs.kendallTau
    spearman = pairs.spearman
    rSquared = pairs.rSquared
  }
}
