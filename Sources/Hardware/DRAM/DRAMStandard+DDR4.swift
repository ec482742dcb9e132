import Measures

extension DRAMStandard {
  /// DDR4-2400, CL-tRCD-tRP 17-17-17: eight 8 Gb x8 chips on a 64-bit channel.
  package static var ddr4_2400: DRAMStandard {
    DRAMStandard(
      name: "ddr4-2400",
      source: "DRAMsim3 configs/DDR4_8Gb_x8_2400.ini; RD to WR as JESD79-4 (RL + BL/2 + 2 tCK - WL)",
      clock: Hertz(1200e6), accessBytes: 64, burstCycles: 4, bankGroups: 4, banksPerGroup: 4, rows: 65536,
      rowBytes: 8192,
      timing: Timing(
        readLatency: 17, writeLatency: 12, activateToRead: 17, activateToWrite: 17, precharge: 17,
        activateToPrecharge: 39, activateToActivateSameBank: 56, columnToColumnShort: 4,
        columnToColumnLong: 6,
        activateToActivateShort: 4, activateToActivateLong: 6, fourActivateWindow: 26, writeRecovery: 18,
        readToPrecharge: 9, writeToReadShort: 3, writeToReadLong: 9, readToWriteTurnaround: 2,
        refreshCycle: 420,
        refreshInterval: 9360),
      energy: Energy(
        source: """
          8 chips. Core from the IDD values of DRAMsim3 configs/DDR4_8Gb_x8_2400.ini (read 5.75, write 5.00 pJ/bit; \
          IDD3N standby). I/O on both sides: half the bits drive VDDQ 1.2 V through 34 ohm into 48 ohm (JESD79-4 RON, \
          RTT), 8.78 mW a lane, 3.66 pJ/bit
          """,
        activatePrecharge: Joules(8 * 0.43e-9), readPerByte: Joules(8 * (5.75e-12 + 3.66e-12)),
        writePerByte: Joules(8 * (5.00e-12 + 3.66e-12)), refresh: Joules(8 * 86.9e-9),
        standby: Watts(8 * 51.6e-3)))
  }

  /// DDR4-3200, CL-tRCD-tRP 22-22-22: eight 8 Gb x8 chips on a 64-bit channel.
  package static var ddr4_3200: DRAMStandard {
    DRAMStandard(
      name: "ddr4-3200",
      source: "DRAMsim3 configs/DDR4_8Gb_x8_3200.ini; RD to WR as JESD79-4 (RL + BL/2 + 2 tCK - WL)",
      clock: Hertz(1600e6), accessBytes: 64, burstCycles: 4, bankGroups: 4, banksPerGroup: 4, rows: 65536,
      rowBytes: 8192,
      timing: Timing(
        readLatency: 22, writeLatency: 16, activateToRead: 22, activateToWrite: 22, precharge: 22,
        activateToPrecharge: 52, activateToActivateSameBank: 74, columnToColumnShort: 4,
        columnToColumnLong: 8,
        activateToActivateShort: 4, activateToActivateLong: 8, fourActivateWindow: 34, writeRecovery: 24,
        readToPrecharge: 12, writeToReadShort: 4, writeToReadLong: 12, readToWriteTurnaround: 2,
        refreshCycle: 560,
        refreshInterval: 12480),
      energy: Energy(
        source: """
          8 chips. Core from the IDD values of DRAMsim3 configs/DDR4_8Gb_x8_3200.ini (read 5.44, write 4.59 pJ/bit; \
          IDD3N standby). I/O on both sides: half the bits drive VDDQ 1.2 V through 34 ohm into 48 ohm (JESD79-4 RON, \
          RTT), 8.78 mW a lane, 2.74 pJ/bit
          """,
        activatePrecharge: Joules(8 * 0.53e-9), readPerByte: Joules(8 * (5.44e-12 + 2.74e-12)),
        writePerByte: Joules(8 * (4.59e-12 + 2.74e-12)), refresh: Joules(8 * 83.2e-9),
        standby: Watts(8 * 62.4e-3)))
  }
}
