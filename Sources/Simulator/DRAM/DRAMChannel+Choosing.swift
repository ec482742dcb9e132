extension DRAMChannel {
  /// A command to come and the cycle of its issue.
  struct Choice {
    enum Kind: UInt64 {
      case read, write, precharge, activate, prechargeAll, refresh
    }

    var kind: Kind
    var bank: Int
    var cycle: Int
  }

  /// The next command if nothing more arrives.
  @inline(__always)
  mutating func choose() -> Choice {
    if let chosen { return chosen }
    let choice = horizon >= refreshDue ? refreshChoice : requestChoice
    let made = choice.cycle < refreshDue ? choice : refreshChoice
    chosen = made
    return made
  }

  /// The command a due refresh needs next.
  private var refreshChoice: Choice {
    let from = max(horizon, refreshDue)
    return queue.open != 0
      ? Choice(kind: .prechargeAll, bank: -1, cycle: max(from, timing.earliestInChannel(.prechargeAll)))
      : Choice(kind: .refresh, bank: -1, cycle: max(from, timing.earliestInChannel(.refresh)))
  }

  /// A command as one number: the less, the sooner to issue.
  ///
  /// From the top: cycles from the horizon, rank, age, kind, bank.
  private enum Key {
    static let bankBits: UInt64 = 6
    static let kindBits: UInt64 = 2
    static let ageBits: UInt64 = 24
    static let rankBits: UInt64 = 2
    static let kindShift = bankBits
    static let ageShift = kindShift + kindBits
    static let rankShift = ageShift + ageBits
    static let cycleShift = rankShift + rankBits
    static let nothing = UInt64.max
  }

  private enum Rank {
    static let first: UInt64 = 0
    static let column: UInt64 = 1
    static let row: UInt64 = 2
  }

  /// The next command the requests in the queue want.
  private var requestChoice: Choice {
    guard queue.oldest != DRAMRequestQueue.none else {
      return Choice(kind: .refresh, bank: -1, cycle: Int.max)
    }
    let oldest = queue.slots + Int(queue.oldest)
    var readHits = queue.readHits
    var writeHits = queue.writeHits
    var wantPrecharge = queue.wantPrecharge
    var firstBank = -1
    if queue.timesOldestWasPassed >= hitCap {
      firstBank = Int(oldest.pointee.bank)
      let bit: UInt64 = 1 &<< UInt64(firstBank)
      let openRow = queue.banks[firstBank].openRow
      if openRow == oldest.pointee.row {
        readHits = oldest.pointee.isWrite ? 0 : bit
        writeHits = oldest.pointee.isWrite ? bit : 0
      } else if openRow != DRAMRequestQueue.none {
        readHits &= ~bit
        writeHits &= ~bit
        wantPrecharge |= bit
      }
    }

    let firstOrder = oldest.pointee.order
    var best = Key.nothing
    @inline(__always)
    func offer(
      _ kind: Choice.Kind, _ gate: DRAMTimingRegisters.Gate, _ bank: Int, _ slot: Int32, _ rank: UInt64
    ) {
      let wait = UInt64(bitPattern: Int64(max(timing.earliest(gate, bank: bank) &- horizon, 0)))
      let age = UInt64(bitPattern: Int64(queue.slots[Int(slot)].order &- firstOrder))
      let key =
        wait &<< Key.cycleShift | (bank == firstBank ? Rank.first : rank) &<< Key.rankShift
        | age &<< Key.ageShift | kind.rawValue &<< Key.kindShift | UInt64(truncatingIfNeeded: bank)
      best = min(best, key)
    }
    while readHits != 0 {
      let bank = readHits.trailingZeroBitCount
      readHits &= readHits &- 1
      offer(.read, .read, bank, queue.banks[bank].oldestReadHit, Rank.column)
    }
    while writeHits != 0 {
      let bank = writeHits.trailingZeroBitCount
      writeHits &= writeHits &- 1
      offer(.write, .write, bank, queue.banks[bank].oldestWriteHit, Rank.column)
    }
    while wantPrecharge != 0 {
      let bank = wantPrecharge.trailingZeroBitCount
      wantPrecharge &= wantPrecharge &- 1
      offer(.precharge, .precharge, bank, queue.banks[bank].oldest, Rank.row)
    }
    var wantActivate = queue.wantActivate
    while wantActivate != 0 {
      let bank = wantActivate.trailingZeroBitCount
      wantActivate &= wantActivate &- 1
      offer(.activate, .activate, bank, queue.banks[bank].oldest, Rank.row)
    }
    let kind = Choice.Kind(rawValue: best >> Key.kindShift & (1 << Key.kindBits - 1))
    return Choice(
      kind: kind ?? .refresh, bank: Int(best & (1 << Key.bankBits - 1)),
      cycle: horizon + Int(best >> Key.cycleShift))
  }
}
