import Measures

extension DRAMStandard {
  /// LPDDR4-3200: one 8 Gb die on its 16-bit channel.
  package static var lpddr4_3200: DRAMStandard {
    DRAMStandard(
      name: "lpddr4-3200",
      source: """
        DRAMSys memspecs/JEDEC_8Gb_LPDDR4-3200_16bit.json; writeRecovery and writeToRead are tWR 29 and tWTR 16 with the \
        tDQSS cycle, readToWriteTurnaround is tDQSCK 6 + tWPRE 2 (JESD209-4)
        """,
      clock: Hertz(1600e6), accessBytes: 32, burstCycles: 8, bankGroups: 1, banksPerGroup: 8, rows: 65536,
      rowBytes: 2048,
      timing: Timing(
        readLatency: 28, writeLatency: 14, activateToRead: 29, activateToWrite: 29, precharge: 29,
        activateToPrecharge: 68, activateToActivateSameBank: 97, columnToColumnShort: 8,
        columnToColumnLong: 8,
        activateToActivateShort: 16, activateToActivateLong: 16, fourActivateWindow: 64, writeRecovery: 30,
        readToPrecharge: 12, writeToReadShort: 17, writeToReadLong: 17, readToWriteTurnaround: 8,
        refreshCycle: 448,
        refreshInterval: 6246, prechargeAllBanks: 34, prechargeToPrecharge: 4),
      energy: Energy(
        source: """
          1 die. Core (read 5.26, write 3.87 pJ/bit; IDD3N standby) and I/O (VDDQ: read 3.22, write 1.18 pJ/bit) from \
          the IDD values of DRAMSys memspecs/MICRON_6Gb_LPDDR4-3200_32bit_A.json
          """,
        activatePrecharge: Joules(1.20e-9), readPerByte: Joules(8 * (5.26e-12 + 3.22e-12)),
        writePerByte: Joules(8 * (3.87e-12 + 1.18e-12)), refresh: Joules(22.4e-9), standby: Watts(37.0e-3)))
  }

  /// LPDDR5-6400: one 16 Gb die on its 16-bit channel, bank-group mode, WCK:CK 4:1.
  ///
  /// The command clock is CK (800 MHz): commands and all parameters count its cycles; a burst of 16 beats at 6400 MT/s
  /// lasts two of them.
  package static var lpddr5_6400: DRAMStandard {
    DRAMStandard(
      name: "lpddr5-6400",
      source:
        "Ramulator 2.1 python/ramulator/dram/lpddr5.py LPDDR5_6400, LPDDR5_16Gb_x16 (CK 800 MHz, WCK 4:1)",
      clock: Hertz(800e6), accessBytes: 32, burstCycles: 2, bankGroups: 4, banksPerGroup: 4, rows: 65536,
      rowBytes: 2048,
      timing: Timing(
        readLatency: 17, writeLatency: 9, activateToRead: 15, activateToWrite: 15, precharge: 15,
        activateToPrecharge: 34, activateToActivateSameBank: 49, columnToColumnShort: 2,
        columnToColumnLong: 4,
        activateToActivateShort: 4, activateToActivateLong: 4, fourActivateWindow: 16, writeRecovery: 28,
        readToPrecharge: 8, writeToReadShort: 5, writeToReadLong: 10, readToWriteTurnaround: 2,
        refreshCycle: 224,
        refreshInterval: 3125, prechargeAllBanks: 17, prechargeToPrecharge: 2),
      energy: Energy(
        source: """
          1 die. No LPDDR5 IDD set is published: 4.5 pJ/bit core and I/O is the middle of the commonly quoted 4 to 5; \
          activate, refresh and standby are those of lpddr4-3200
          """,
        activatePrecharge: Joules(1.20e-9), readPerByte: Joules(8 * 4.5e-12),
        writePerByte: Joules(8 * 4.5e-12),
        refresh: Joules(22.4e-9), standby: Watts(37.0e-3)))
  }
}
