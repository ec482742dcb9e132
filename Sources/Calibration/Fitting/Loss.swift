/// How far predictions may lie from measurements at what cost: squares of log ratios, or Huber's function of them.
package struct Loss: Hashable, Sendable {
  /// Beyond this log ratio a row counts by its distance instead of its square; nil for squares throughout.
  ///
  /// Source: Huber, The Annals of Mathematical Statistics 35(1), 1964, doi:10.1214/aoms/1177703732.
  package var knee: Double?

  package init(knee: Double? = nil) { self.knee = knee }

  /// The usual knee: an error of 10 %.
  package static let usualKnee = 0.1

  /// The cost of a residual.
  func cost(_ residual: Double) -> Double {
    let size = abs(residual)
    guard let knee, size > knee else { return size * size }
    return knee * (2 * size - knee)
  }

  /// The factor by which a residual counts in a least-squares step that goes the same way.
  func factor(_ residual: Double) -> Double {
    let size = abs(residual)
    guard let knee, size > knee else { return 1 }
    return (knee / size).squareRoot()
  }
}
