package import Measures

/// A DRAM standard as data: organisation, JEDEC timing in command-clock cycles, and energy per command.
package struct DRAMStandard: Hashable, Sendable {
  package var name: String
  /// Where the numbers come from.
  package var source: String
  /// The command clock; commands issue on its edges, one per channel and cycle.
  package var clock: Hertz
  /// Bytes of one column access (bus width × burst length).
  package var accessBytes: Int
  /// Command-clock cycles the data bus is busy with one access.
  package var burstCycles: Int
  package var bankGroups: Int
  package var banksPerGroup: Int
  package var rows: Int
  /// Bytes of one row over the whole channel.
  package var rowBytes: Int
  package var timing: Timing
  package var energy: Energy

  /// JEDEC parameters in command-clock cycles.
  ///
  /// `Short` holds between different bank groups, `Long` within one; a standard without bank groups has one group and
  /// the same number twice. ``DRAMStandard/constraints`` says what each parameter keeps apart.
  package struct Timing: Hashable, Sendable {
    /// From a read to the first beat of its data: CL or RL.
    package var readLatency: Int
    /// From a write to the first beat of its data: CWL or WL.
    package var writeLatency: Int
    /// tRCD, or tRCDRD.
    package var activateToRead: Int
    /// tRCD, or tRCDWR.
    package var activateToWrite: Int
    /// tRP, or tRPpb: from the precharge of one bank to its activate.
    package var precharge: Int
    /// tRAS.
    package var activateToPrecharge: Int
    /// tRC.
    package var activateToActivateSameBank: Int
    /// tCCD_S.
    package var columnToColumnShort: Int
    /// tCCD_L.
    package var columnToColumnLong: Int
    /// tRRD_S.
    package var activateToActivateShort: Int
    /// tRRD_L.
    package var activateToActivateLong: Int
    /// tFAW.
    package var fourActivateWindow: Int
    /// From the last beat of written data to the precharge: tWR (LPDDR: with the tDQSS cycle).
    package var writeRecovery: Int
    /// tRTP.
    package var readToPrecharge: Int
    /// From the last beat of written data to a read: tWTR_S (LPDDR: with the tDQSS cycle).
    package var writeToReadShort: Int
    /// tWTR_L, as ``writeToReadShort``.
    package var writeToReadLong: Int
    /// Extra bus turnaround cycles between a read's and a write's data.
    package var readToWriteTurnaround: Int
    /// tRFC, or tRFCab.
    package var refreshCycle: Int
    /// tREFI; 0 means that nothing is refreshed.
    package var refreshInterval: Int
    /// tRPab: from the precharge of all banks to an activate; tRP where the standard does not tell them apart.
    package var prechargeAllBanks: Int
    /// tPPD: from a precharge to the next of any bank; 1 where the standard has none.
    package var prechargeToPrecharge: Int

    package init(
      readLatency: Int, writeLatency: Int, activateToRead: Int, activateToWrite: Int, precharge: Int,
      activateToPrecharge: Int, activateToActivateSameBank: Int, columnToColumnShort: Int,
      columnToColumnLong: Int,
      activateToActivateShort: Int, activateToActivateLong: Int, fourActivateWindow: Int, writeRecovery: Int,
      readToPrecharge: Int, writeToReadShort: Int, writeToReadLong: Int, readToWriteTurnaround: Int,
      refreshCycle: Int,
      refreshInterval: Int, prechargeAllBanks: Int? = nil, prechargeToPrecharge: Int = 1
    ) {
      self.readLatency = readLatency
      self.writeLatency = writeLatency
      self.activateToRead = activateToRead
      self.activateToWrite = activateToWrite
      self.precharge = precharge
      self.activateToPrecharge = activateToPrecharge
      self.activateToActivateSameBank = activateToActivateSameBank
      self.columnToColumnShort = columnToColumnShort
      self.columnToColumnLong = columnToColumnLong
      self.activateToActivateShort = activateToActivateShort
      self.activateToActivateLong = activateToActivateLong
      self.fourActivateWindow = fourActivateWindow
      self.writeRecovery = writeRecovery
      self.readToPrecharge = readToPrecharge
      self.writeToReadShort = writeToReadShort
      self.writeToReadLong = writeToReadLong
      self.readToWriteTurnaround = readToWriteTurnaround
      self.refreshCycle = refreshCycle
      self.refreshInterval = refreshInterval
      self.prechargeAllBanks = prechargeAllBanks ?? precharge
      self.prechargeToPrecharge = prechargeToPrecharge
    }
  }

  /// Energy of commands and power of states, per channel.
  package struct Energy: Hashable, Sendable {
    package var source: String
    /// One activate with its precharge.
    package var activatePrecharge: Joules
    /// Core and I/O energy of reading one byte.
    package var readPerByte: Joules
    /// Core and I/O energy of writing one byte.
    package var writePerByte: Joules
    /// One all-bank refresh.
    package var refresh: Joules
    /// Standby power of the channel.
    package var standby: Watts

    package init(
      source: String, activatePrecharge: Joules, readPerByte: Joules, writePerByte: Joules, refresh: Joules,
      standby: Watts
    ) {
      self.source = source
      self.activatePrecharge = activatePrecharge
      self.readPerByte = readPerByte
      self.writePerByte = writePerByte
      self.refresh = refresh
      self.standby = standby
    }
  }

  package init(
    name: String, source: String, clock: Hertz, accessBytes: Int, burstCycles: Int, bankGroups: Int,
    banksPerGroup: Int,
    rows: Int, rowBytes: Int, timing: Timing, energy: Energy
  ) {
    self.name = name
    self.source = source
    self.clock = clock
    self.accessBytes = accessBytes
    self.burstCycles = burstCycles
    self.bankGroups = bankGroups
    self.banksPerGroup = banksPerGroup
    self.rows = rows
    self.rowBytes = rowBytes
    self.timing = timing
    self.energy = energy
  }

  /// Peak bandwidth of one channel.
  package var channelBandwidth: BytesPerSecond {
    BytesPerSecond(Double(accessBytes) * clock.value / Double(burstCycles))
  }
  package var banks: Int { bankGroups * banksPerGroup }
  /// Column accesses that one row holds.
  package var columns: Int { rowBytes / accessBytes }
}
