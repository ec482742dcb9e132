extension StudySummary {
  /// A network over all its trainings at the end.
  package struct Confirmed: Hashable, Sendable {
    package var text: String
    package var accuracies: [Double]
    package var latency: Double
    package var energy: Double

    package var mean: Double { accuracies.reduce(0, +) / Double(accuracies.count) }

    /// The standard error of the mean; nil for a single training.
    package var error: Double? {
      guard accuracies.count > 1 else { return nil }
      let mean = mean
      let squares = accuracies.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (squares / Double(accuracies.count - 1) / Double(accuracies.count)).squareRoot()
    }
  }

  /// What is known of the best network or the reference; nil before anything is.
  package func confirmed(_ role: Confirmation.Role) -> Confirmed? {
    let rows = confirmations.filter { $0.role == role }
    guard let first = rows.first else { return nil }
    return Confirmed(
      text: first.text, accuracies: rows.map(\.accuracy), latency: first.latency, energy: first.energy)
  }
}
