import Hardware
import Simulator
import Testing

@Suite struct `DRAM bandwidth` {
  /// The share of the peak that a stream of reads from address 0 reaches, refresh included.
  static func share(_ system: DRAMSystem, count: Int = 40_000) -> Double {
    let outcome = simulate(stream(count, on: system), on: system, logged: false)
    return Double(count * system.standard.burstCycles) / Double(outcome.end)
  }

  @Test(arguments: [DRAMStandard.ddr4_2400, .ddr4_3200])
  func `DDR4 streams at 95 % of its peak with refresh switched on`(standard: DRAMStandard) {
    #expect(Self.share(.testing(standard)) >= 0.95)
  }
}
