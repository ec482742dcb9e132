import Hardware
import Simulator
import Testing

/// The latency-throughput curve.
@Suite struct `DRAM under load` {
  static func curve(_ standard: DRAMStandard, _ pattern: DRAMTraffic.Pattern, writes: Double = 0)
    -> DRAMLoadCurve
  {
    DRAMLoadCurve(
      DRAMTraffic(pattern, writeShare: writes, accesses: 10_000), on: .testing(standard),
      loads: [0.05, 0.2, 0.4, 0.6, 0.8, 0.9, 0.98])
  }

  @Test(arguments: DRAMStandard.all, DRAMTraffic.Pattern.allCases)
  func `latency rises with the load`(standard: DRAMStandard, pattern: DRAMTraffic.Pattern) throws {
    let curve = Self.curve(standard, pattern)
    for (low, high) in zip(curve.points, curve.points.dropFirst()) { #expect(low.mean <= high.mean) }
    let (first, last) = try (#require(curve.points.first), #require(curve.points.last))
    #expect(last.mean > 1.5 * first.mean)
    #expect(first.mean >= Double(standard.timing.readLatency + standard.burstCycles))
  }

  @Test(arguments: DRAMStandard.all, DRAMTraffic.Pattern.allCases)
  func `what is served is what comes, up to the saturation, and never the peak`(
    standard: DRAMStandard, pattern: DRAMTraffic.Pattern
  ) {
    let curve = Self.curve(standard, pattern, writes: 0.25)
    #expect(curve.saturation < 1)
    for point in curve.points {
      #expect(point.delivered <= curve.saturation)
      // The rate of 10,000 random arrivals is known to a few standard deviations of 1 %.
      #expect(abs(point.delivered / point.offered - 1) < 0.05)
    }
  }

  @Test(arguments: DRAMStandard.all)
  func `a saturated stream is the stream that the bandwidth tests know`(standard: DRAMStandard) throws {
    let share = `DRAM bandwidth`.share(.testing(standard), count: 10_000)
    #expect(Self.curve(standard, .streaming).saturation == share)
  }

  @Test(arguments: DRAMStandard.all, DRAMTraffic.Pattern.allCases)
  func `an idle memory takes activate, read and burst`(
    standard: DRAMStandard, pattern: DRAMTraffic.Pattern
  ) throws {
    let n = try #require(JEDECNumbers.of[standard.name])
    #expect(Self.curve(standard, pattern).idle == n.RCDRD + n.RL + n.BL)
  }

  @Test(arguments: DRAMStandard.all)
  func `nobody starves at 98 % of the saturation`(standard: DRAMStandard) throws {
    let n = try #require(JEDECNumbers.of[standard.name])
    let curve = Self.curve(standard, .random, writes: 0.3)
    let last = try #require(curve.points.last)
    // In the queue an access is passed by at most 64 younger ones and waits for 31 older ones, each a row of its own
    // in the worst case, and for the refreshes among them; before the queue it waits as long as the line is.
    let rows = (64 + 31) * (n.RC + n.WR + n.RL + n.BL)
    let bound = Double(rows + n.RFC * (1 + rows / n.REFI)) + last.mean * 20
    #expect(Double(last.worst) < bound)
  }

  @Test func `channels share the load`() {
    var system = DRAMSystem.testing(.ddr4_3200)
    let one = DRAMLoadCurve(DRAMTraffic(.random, accesses: 4000), on: system, loads: [0.5])
    system.channels = 4
    let four = DRAMLoadCurve(DRAMTraffic(.random, accesses: 16000), on: system, loads: [0.5])
    #expect(abs(one.saturation - four.saturation) < 0.03)
    #expect(abs(one.points[0].mean / four.points[0].mean - 1) < 0.1)
  }
}
