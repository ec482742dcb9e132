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
    case .contention: "Contention"
    case .otherCores: "Waiting for other cores"
    }
  }

  /// The cause as the end of a sentence: "… lost to waiting for loads".
  package var phrase: String {
    switch self {
    case .compute: "computing"
    case .preload: "loading the stationary operand"
    case .fillDrain: "filling and draining the array"
    case .bankConflict: "bank conflicts"
    case .memoryLoad: "waiting for loads"
    case .memoryStore: "waiting for stores"
    case .vector: "waiting for the vector unit"
    case .issue: "waiting for instructions"
    case .contention: "waiting for memory that serves another core"
    case .otherCores: "waiting for other cores"
    }
  }
}
