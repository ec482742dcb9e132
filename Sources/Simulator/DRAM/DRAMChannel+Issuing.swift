import Hardware

extension DRAMChannel {
  /// Issues a chosen command: timing registers, row state, queue, counters, log.
  @inline(__always)
  mutating func issue(_ choice: Choice, completions: inout DRAMCompletions) {
    switch choice.kind {
    case .read:
      issueColumn(queue.banks[choice.bank].oldestReadHit, at: choice.cycle, completions: &completions)
    case .write:
      issueColumn(queue.banks[choice.bank].oldestWriteHit, at: choice.cycle, completions: &completions)
    case .activate:
      queue.openRow(bank: choice.bank)
      counters.activates &+= 1
      record(.activate, bank: choice.bank, row: Int(queue.banks[choice.bank].openRow), at: choice.cycle)
    case .precharge:
      queue.slots[Int(queue.banks[choice.bank].oldest)].wasPrecharged = true
      queue.closeRow(bank: choice.bank)
      counters.precharges &+= 1
      record(.precharge, bank: choice.bank, row: -1, at: choice.cycle)
    case .prechargeAll:
      while queue.open != 0 {
        queue.closeRow(bank: queue.open.trailingZeroBitCount)
        counters.precharges &+= 1
      }
      record(.prechargeAll, bank: -1, row: -1, at: choice.cycle)
    case .refresh:
      refreshDue += standard.timing.refreshInterval
      counters.refreshes &+= 1
      record(.refresh, bank: -1, row: -1, at: choice.cycle)
    }
  }

  @inline(__always)
  private mutating func issueColumn(_ index: Int32, at cycle: Int, completions: inout DRAMCompletions) {
    let slot = queue.slots[Int(index)]
    let bank = Int(slot.bank)
    queue.remove(index)
    if slot.wasPrecharged {
      counters.rowConflicts &+= 1
    } else if slot.activates > 0 {
      counters.rowMisses &+= 1
    } else {
      counters.rowHits &+= 1
    }
    let state = queue.banks[bank]
    let closes =
      closesRows && state.oldestReadHit == DRAMRequestQueue.none
      && state.oldestWriteHit == DRAMRequestQueue.none
    if closes {
      queue.closeRow(bank: bank)
      counters.precharges &+= 1
    }
    if slot.isWrite {
      counters.writes &+= 1
      record(closes ? .writeAutoPrecharge : .write, bank: bank, row: Int(slot.row), at: cycle)
      completions.append(
        tag: slot.tag, cycle: cycle + standard.timing.writeLatency + standard.burstCycles,
        activates: slot.activates)
    } else {
      counters.reads &+= 1
      record(closes ? .readAutoPrecharge : .read, bank: bank, row: Int(slot.row), at: cycle)
      completions.append(
        tag: slot.tag, cycle: cycle + standard.timing.readLatency + standard.burstCycles,
        activates: slot.activates)
    }
  }

  @inline(__always)
  private mutating func record(_ command: DRAMCommand, bank: Int, row: Int, at cycle: Int) {
    timing.issue(command, bank: bank, at: cycle)
    if logsCommands {
      commandLog.append(DRAMCommandRecord(cycle: cycle, command: command, bank: bank, row: row))
    }
  }
}
