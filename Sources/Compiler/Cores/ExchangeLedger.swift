import Hardware

/// What the program of one core reads from main memory and writes to it, to find what cores must wait for.
struct ExchangeLedger: Sendable {
  /// A tensor of one of the samples that come through.
  struct Key: Hashable, Sendable {
    var tensor: Int
    var sample: Int
  }

  /// A load of pieces of a tensor.
  struct Read: Sendable {
    var instruction: Int32
    var key: Key
    var pieces: Range<Int>
  }

  private var keys: [Int: Key] = [:]
  private(set) var reads: [Read] = []
  /// The last store to each piece of a tensor; −1 for none.
  private(set) var lastStore: [Key: [Int32]] = [:]

  /// Says which tensor a tracked buffer holds.
  mutating func name(_ buffer: Int, _ key: Key) { keys[buffer] = key }

  mutating func note(_ instruction: Int32, _ kind: Instruction.Kind, _ accesses: [HazardTracker.Access]) {
    guard kind == .load || kind == .store else { return }
    for access in accesses {
      guard let key = keys[access.buffer] else { continue }
      if kind == .load, !access.isWrite {
        reads.append(Read(instruction: instruction, key: key, pieces: access.pieces))
      } else if kind == .store, access.isWrite {
        var stores = lastStore[key] ?? []
        while stores.count < access.pieces.upperBound { stores.append(-1) }
        for piece in access.pieces { stores[piece] = instruction }
        lastStore[key] = stores
      }
    }
  }

  /// The handovers that let every core find in main memory what others have put there.
  ///
  /// Loads start in program order and stores complete in program order, so that a load needs a handover from another
  /// core only where it needs a later store of it than the loads before.
  static func handovers(among ledgers: [ExchangeLedger]) -> [CoreSchedule.Handover] {
    var handovers: [CoreSchedule.Handover] = []
    for taker in ledgers.indices {
      var known = ledgers.map { _ in Int32(-1) }
      for read in ledgers[taker].reads {
        for giver in ledgers.indices where giver != taker {
          guard let stores = ledgers[giver].lastStore[read.key] else { continue }
          let needed = stores[read.pieces.clamped(to: stores.indices)].max() ?? -1
          guard needed > known[giver] else { continue }
          known[giver] = needed
          handovers.append(
            .init(
              from: .init(core: giver, instruction: Int(needed)),
              to: .init(core: taker, instruction: Int(read.instruction))))
        }
      }
    }
    return handovers
  }
}
