import Measures

extension DRAMStandard {
  /// HBM2 at 2.4 Gb/s a pin: one 64-bit pseudo-channel (a stack has sixteen) of an 8 Gb channel.
  package static var hbm2: DRAMStandard {
    DRAMStandard(
      name: "hbm2",
      source: """
        Ramulator 2.1 python/ramulator/dram/hbm2.py HBM2_2400Mbps (its authors call several values estimates); \
        tRFC 350 ns of an 8 Gb channel, tREFI 3.9 us
        """,
      clock: Hertz(1200e6), accessBytes: 32, burstCycles: 2, bankGroups: 4, banksPerGroup: 4, rows: 32768,
      rowBytes: 1024,
      timing: Timing(
        readLatency: 17, writeLatency: 6, activateToRead: 17, activateToWrite: 14, precharge: 17,
        activateToPrecharge: 40, activateToActivateSameBank: 57, columnToColumnShort: 2,
        columnToColumnLong: 4,
        activateToActivateShort: 5, activateToActivateLong: 5, fourActivateWindow: 19, writeRecovery: 19,
        readToPrecharge: 6, writeToReadShort: 8, writeToReadLong: 10, readToWriteTurnaround: 2,
        refreshCycle: 421,
        refreshInterval: 4682),
      energy: Energy(
        source: """
          Half of a 128-bit channel. 3.9 pJ/bit, core and I/O, is accelergy-cacti-plug-in's published constant (core \
          alone from IDD4: 1.57 read, 2.09 write); activate of a 1 KiB row, refresh and IDD3N standby from DRAMsim3 \
          configs/HBM2_8Gb_x128.ini
          """,
        activatePrecharge: Joules(0.83e-9), readPerByte: Joules(8 * 3.9e-12),
        writePerByte: Joules(8 * 3.9e-12),
        refresh: Joules(0.5 * 60.8e-9), standby: Watts(0.5 * 66.0e-3)))
  }

  /// HBM2 at 2.0 Gb/s a pin in legacy mode: one 128-bit channel (a stack has eight), 8 Gb.
  package static var hbm2_2000: DRAMStandard {
    DRAMStandard(
      name: "hbm2-2000",
      source: "DRAMsim3 configs/HBM2_8Gb_x128.ini; tRTP is that with bank groups (tRTP_L)",
      clock: Hertz(1000e6), accessBytes: 64, burstCycles: 2, bankGroups: 4, banksPerGroup: 4, rows: 32768,
      rowBytes: 1024,
      timing: Timing(
        readLatency: 14, writeLatency: 4, activateToRead: 14, activateToWrite: 14, precharge: 14,
        activateToPrecharge: 34, activateToActivateSameBank: 48, columnToColumnShort: 1,
        columnToColumnLong: 2,
        activateToActivateShort: 4, activateToActivateLong: 6, fourActivateWindow: 30, writeRecovery: 16,
        readToPrecharge: 6, writeToReadShort: 6, writeToReadLong: 8, readToWriteTurnaround: 2,
        refreshCycle: 260,
        refreshInterval: 3900),
      energy: Energy(
        source: """
          One 128-bit channel. 3.9 pJ/bit, core and I/O, is accelergy-cacti-plug-in's published constant (core alone \
          from IDD4: 1.57 read, 2.09 write); activate, refresh and IDD3N standby from DRAMsim3 \
          configs/HBM2_8Gb_x128.ini
          """,
        activatePrecharge: Joules(0.83e-9), readPerByte: Joules(8 * 3.9e-12),
        writePerByte: Joules(8 * 3.9e-12),
        refresh: Joules(60.8e-9), standby: Watts(66.0e-3)))
  }
}
