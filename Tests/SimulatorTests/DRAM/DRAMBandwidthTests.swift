import Hardware
import Simulator
import Testing

@Suite struct `DRAM bandwidth` {
  /// The share of the peak that a stream from address 0 reaches.
  static func share(
    _ system: DRAMSystem, count: Int = 40_000, isWrite: (Int) -> Bool = { _ in false }
  ) -> Double {
    let outcome = simulate(stream(count, on: system, isWrite: isWrite), on: system, logged: false)
    return Double(count * system.standard.burstCycles) / Double(outcome.end)
  }

  @Test(arguments: [DRAMStandard.ddr4_2400, .ddr4_3200])
  func `DDR4 streams at 95 % of its peak with refresh switched on`(standard: DRAMStandard) {
    #expect(Self.share(.testing(standard)) >= 0.95)
  }

  @Test(arguments: DRAMStandard.all, DRAMSystem.RowPolicy.allCases)
  func `without refresh a stream reaches the peak of every standard`(
    standard: DRAMStandard, policy: DRAMSystem.RowPolicy
  ) {
    let share = Self.share(.testing(standard, policy: policy, refreshed: false), count: 10_000)
    #expect(share > 0.98 && share <= 1)
  }

  @Test(arguments: DRAMStandard.all)
  func `refresh costs its cycle and the closing and opening of rows around it`(standard: DRAMStandard) throws
  {
    let n = try #require(JEDECNumbers.of[standard.name])
    let loss = 1 - Self.share(.testing(standard)) / Self.share(.testing(standard, refreshed: false))
    let around = n.RTP + n.RPab + n.RCDRD + n.FAW
    #expect(loss >= 0.97 * Double(n.RFC) / Double(n.REFI))
    #expect(loss <= Double(n.RFC + around) / Double(n.REFI))
  }

  /// Measured shares of streams of reads, in percent, to be kept: maps in the order of their declaration.
  static let expected: [String: [Double]] = [
    "ddr4-2400": [95, 95, 94], "ddr4-3200": [95, 95, 93], "hbm2": [90, 89, 79], "hbm2-2000": [92, 90, 77],
    "lpddr4-3200": [92, 92, 82], "lpddr5-6400": [92, 91, 86],
  ]

  @Test(arguments: DRAMStandard.all)
  func `the map sets what refresh leaves`(standard: DRAMStandard) throws {
    let expected = try #require(Self.expected[standard.name])
    for (map, percent) in zip(AddressMap.allCases, expected) {
      #expect(abs(100 * Self.share(.testing(standard, map: map)) - percent) <= 1, "\(map)")
    }
  }

  @Test(arguments: DRAMStandard.all)
  func `reads and writes that alternate gather into batches`(standard: DRAMStandard) {
    let share = Self.share(.testing(standard), count: 20_000, isWrite: { $0 % 3 == 2 })
    #expect(share > 0.75 && share < Self.share(.testing(standard), count: 20_000))
  }

  @Test(arguments: DRAMStandard.all)
  func `random rows are bound by the four-activate window`(standard: DRAMStandard) throws {
    let n = try #require(JEDECNumbers.of[standard.name])
    var random = TestRandom(state: 8)
    let requests = (0..<5000).map { _ in
      DRAMTestRequest(
        bank: Int.random(in: 0..<standard.banks, using: &random),
        row: Int.random(in: 0..<standard.rows, using: &random))
    }
    let end = simulate(requests, on: .testing(standard), logged: false).end
    #expect(end >= 5000 / 4 * max(n.FAW, 4 * n.RRD_S) * 9 / 10)
  }
}
