package import Simulator

extension CycleCause {
  /// The cause as a reader meets it in tables and legends.
  package var title: String {
    switch self {
    case .compute: "Compute"
    case .preload: "Preload"
    case .fillDrain: "Fill and drain"
    case .bankConflict: "Bank conflicts"
    case .memoryLoad: "Waiting for loads"
    case .memoryStore: "Waiting for stores"
    case .vector: "Vector unit"
    case .issue: "Issue"
    }
  }
}
