extension DRAMStandard {
  /// The whole timing of the standard as one table, in the order of the JEDEC chapters.
  ///
  /// Reads and writes with auto-precharge close the row at the earliest cycle a precharge could: tRAS and tRP
  /// after them are kept by ACT→ACT and ACT→REF (tRC, never less than tRAS + tRP) and by the auto-precharge lines. Data of two columns never
  /// overlap: the burst bounds every column distance from below.
  package var constraints: [DRAMConstraint] {
    let t = timing
    let reads: [DRAMCommand] = [.read, .readAutoPrecharge]
    let writes: [DRAMCommand] = [.write, .writeAutoPrecharge]
    let rowCycle = max(t.activateToActivateSameBank, t.activateToPrecharge + t.precharge)
    let columnShort = max(t.columnToColumnShort, burstCycles)
    let columnLong = max(t.columnToColumnLong, columnShort)
    let readToWrite = max(t.readLatency + burstCycles + t.readToWriteTurnaround - t.writeLatency, burstCycles)
    let writtenData = t.writeLatency + burstCycles
    return [
      // Activate
      DRAMConstraint(.bank, [.activate], reads, distance: t.activateToRead),
      DRAMConstraint(.bank, [.activate], writes, distance: t.activateToWrite),
      DRAMConstraint(.bank, [.activate], [.precharge], distance: t.activateToPrecharge),
      DRAMConstraint(.bank, [.activate], [.activate], distance: rowCycle),
      DRAMConstraint(.bankGroup, [.activate], [.activate], distance: t.activateToActivateLong),
      DRAMConstraint(.channel, [.activate], [.activate], distance: t.activateToActivateShort),
      DRAMConstraint(.channel, [.activate], [.activate], distance: t.fourActivateWindow, window: 4),
      DRAMConstraint(.channel, [.activate], [.prechargeAll], distance: t.activateToPrecharge),
      DRAMConstraint(.channel, [.activate], [.refresh], distance: rowCycle),
      // Read and write
      DRAMConstraint(.channel, reads, reads, distance: columnShort),
      DRAMConstraint(.channel, writes, writes, distance: columnShort),
      DRAMConstraint(.bankGroup, reads, reads, distance: columnLong),
      DRAMConstraint(.bankGroup, writes, writes, distance: columnLong),
      DRAMConstraint(.channel, reads, writes, distance: readToWrite),
      DRAMConstraint(.channel, writes, reads, distance: writtenData + t.writeToReadShort),
      DRAMConstraint(.bankGroup, writes, reads, distance: writtenData + t.writeToReadLong),
      DRAMConstraint(.bank, [.read], [.precharge], distance: t.readToPrecharge),
      DRAMConstraint(.bank, [.write], [.precharge], distance: writtenData + t.writeRecovery),
      DRAMConstraint(.channel, reads, [.prechargeAll], distance: t.readToPrecharge),
      DRAMConstraint(.channel, writes, [.prechargeAll], distance: writtenData + t.writeRecovery),
      // Auto-precharge
      DRAMConstraint(.bank, [.readAutoPrecharge], [.activate], distance: t.readToPrecharge + t.precharge),
      DRAMConstraint(
        .bank, [.writeAutoPrecharge], [.activate], distance: writtenData + t.writeRecovery + t.precharge),
      DRAMConstraint(.channel, [.readAutoPrecharge], [.refresh], distance: t.readToPrecharge + t.precharge),
      DRAMConstraint(
        .channel, [.writeAutoPrecharge], [.refresh], distance: writtenData + t.writeRecovery + t.precharge),
      // Precharge
      DRAMConstraint(.bank, [.precharge], [.activate], distance: t.precharge),
      DRAMConstraint(.channel, [.precharge], [.refresh], distance: t.precharge),
      DRAMConstraint(.channel, [.prechargeAll], [.activate, .refresh], distance: t.prechargeAllBanks),
      DRAMConstraint(
        .channel, [.precharge, .prechargeAll], [.precharge, .prechargeAll], distance: t.prechargeToPrecharge),
      // Refresh
      DRAMConstraint(.channel, [.refresh], [.activate, .refresh], distance: t.refreshCycle),
    ]
  }
}
