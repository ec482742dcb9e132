import Hardware

/// An instruction whose place in the program is not yet known.
struct PendingInstruction: Sendable {
  enum Payload: Sendable {
    case load(Transfer)
    case store(Transfer)
    case array(ArrayTile)
    case vector(VectorTile)
  }
  var payload: Payload
  var accesses: [HazardTracker.Access]
}

/// The instructions of one tile: loads, which may run ahead, and what works on them.
struct EmissionStep: Sendable {
  var loads: [PendingInstruction] = []
  var work: [PendingInstruction] = []
  /// Loads that must not be issued before the previous layer has ended, because their buffer or their source is its.
  var waits: [PendingInstruction] = []
}
