/// What a cycle of the MAC array went to; every cycle of a run has exactly one cause.
package enum CycleCause: String, Hashable, Sendable, CaseIterable {
  /// Operands stream through the cells.
  case compute
  /// The stationary operand is being loaded and nothing streams.
  case preload
  /// The array fills, drains, or waits out a minimum distance between folds.
  case fillDrain = "fill-drain"
  /// A scratchpad bank served someone else.
  case bankConflict = "bank-conflict"
  /// The data were still on their way from main memory.
  case memoryLoad = "memory-load"
  /// A result had not yet left for main memory.
  case memoryStore = "memory-store"
  /// The vector unit was at work on something that had to come first.
  case vector
  /// The sequencer had not issued the next instruction.
  case issue
  /// Main memory, or the way to it, served another core.
  case contention
  /// Another core had not yet handed over what comes next, or had work left when this one had none.
  case otherCores = "other-cores"

  /// One sentence for tables and `explain`.
  package var sentence: String {
    switch self {
    case .compute: "operands stream through the cells of the array"
    case .preload: "the stationary operand is being loaded and nothing streams"
    case .fillDrain: "the array fills or drains, or keeps the least distance between two folds"
    case .bankConflict: "a scratchpad bank that the array needed served another unit"
    case .memoryLoad: "data were still on their way from main memory"
    case .memoryStore: "a result had not yet left for main memory, so its buffer was not free"
    case .vector: "the vector unit was at work on something that had to come first"
    case .issue: "the sequencer had not issued the next instruction"
    case .contention: "data had to wait because main memory, or the way to it, served another core"
    case .otherCores:
      "another core had not yet handed over what comes next, or was still at work when this one was done"
    }
  }
}
