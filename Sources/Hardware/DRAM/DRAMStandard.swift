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

  /// JEDEC parameters in command-clock cycles; `short` within other bank groups, `long` within the same.
  package struct Timing: Hashable, Sendable {
    package var readLatency: Int
    package var writeLatency: Int
    package var activateToRead: Int
    package var activateToWrite: Int
    package var precharge: Int
    package var activateToPrecharge: Int
    package var activateToActivateSameBank: Int
    package var columnToColumnShort: Int
    package var columnToColumnLong: Int
    package var activateToActivateShort: Int
    package var activateToActivateLong: Int
    package var fourActivateWindow: Int
    package var writeRecovery: Int
    package var readToPrecharge: Int
    package var writeToReadShort: Int
    package var writeToReadLong: Int
    /// Extra bus turnaround cycles between a read's and a write's data.
    package var readToWriteTurnaround: Int
    package var refreshCycle: Int
    package var refreshInterval: Int

    package init(
      readLatency: Int, writeLatency: Int, activateToRead: Int, activateToWrite: Int, precharge: Int,
      activateToPrecharge: Int, activateToActivateSameBank: Int, columnToColumnShort: Int,
      columnToColumnLong: Int,
      activateToActivateShort: Int, activateToActivateLong: Int, fourActivateWindow: Int, writeRecovery: Int,
      readToPrecharge: Int, writeToReadShort: Int, writeToReadLong: Int, readToWriteTurnaround: Int,
      refreshCycle: Int,
      refreshInterval: Int
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
}
