import Hardware

/// When each instruction was handed over, started and completed, and what held its start back.
struct Timeline {
  /// What an instruction's start waited for last.
  enum Bound {
    /// Its hand-over by the sequencer.
    case issue
    /// Another instruction: one it depends on, or the one before it in its unit.
    case instruction(Int)
  }

  static let unknown = Int.max
  var issued: [Int]
  var start: [Int]
  var end: [Int]
  /// The instruction that bound the start; -1 for the sequencer.
  var bound: [Int32]
  /// The instruction whose start freed the queue for this one's hand-over; -1 when the queue had room.
  var blocker: [Int32]
  /// The cycle from which the start waited for nothing but another core; ``unknown`` where it did not.
  var heldFrom: [Int]
  /// The last cycle of the array's stream, for its fill and drain.
  var streamEnd: [Int]

  init(count: Int) {
    issued = Array(repeating: Self.unknown, count: count)
    start = Array(repeating: Self.unknown, count: count)
    end = Array(repeating: Self.unknown, count: count)
    bound = Array(repeating: -1, count: count)
    blocker = Array(repeating: -1, count: count)
    heldFrom = Array(repeating: Self.unknown, count: count)
    streamEnd = Array(repeating: 0, count: count)
  }
}
