import Hardware
import Simulator
import Testing

/// What the controller promises beyond timing.
@Suite struct `DRAM scheduling` {
  @Test(arguments: DRAMStandard.all)
  func `a row hit goes before an older request to another row`(standard: DRAMStandard) {
    let requests = [(0, 0), (0, 1), (0, 0)].map { DRAMTestRequest(bank: $0.0, row: $0.1) }
    let outcome = simulate(requests, on: .testing(standard))
    #expect(outcome.completions.map(\.tag) == [0, 2, 1])
    #expect(outcome.counters.rowHits == 1)
    #expect(outcome.counters.rowMisses == 1)
    #expect(outcome.counters.rowConflicts == 1)
  }

  @Test(arguments: DRAMStandard.all, [1, 5, 16])
  func `no request is passed more often than the cap while hits hold it back`(
    standard: DRAMStandard, cap: Int
  ) {
    var requests = [DRAMTestRequest(bank: 0, row: 0), DRAMTestRequest(bank: 0, row: 1)]
    requests += (0..<200).map { _ in DRAMTestRequest(bank: 0, row: 0) }
    let outcome = simulate(requests, on: .testing(standard, refreshed: false, hitCap: cap))
    #expect(outcome.completions.firstIndex { $0.tag == 1 } == 1 + cap)
  }

  @Test(arguments: DRAMStandard.all)
  func `reads that never end let a write through`(standard: DRAMStandard) throws {
    var requests = [DRAMTestRequest(bank: 0, row: 0), DRAMTestRequest(bank: 1, row: 0, isWrite: true)]
    requests += (0..<400).map { _ in DRAMTestRequest(bank: 0, row: 0) }
    let outcome = simulate(requests, on: .testing(standard, refreshed: false, hitCap: 64))
    let place = try #require(outcome.completions.firstIndex { $0.tag == 1 })
    #expect(place <= 65)
  }

  @Test(arguments: DRAMStandard.all)
  func `every request finishes, once, and the counters add up`(standard: DRAMStandard) {
    var random = TestRandom(state: 6)
    let requests = (0..<3000).map { _ in
      DRAMTestRequest(
        bank: Int.random(in: 0..<standard.banks, using: &random), row: Int.random(in: 0..<8, using: &random),
        isWrite: Bool.random(using: &random))
    }
    for policy in DRAMSystem.RowPolicy.allCases {
      let outcome = simulate(requests, on: .testing(standard, policy: policy))
      let counters = outcome.counters
      #expect(outcome.completions.map(\.tag).sorted() == (0..<3000).map(Int32.init))
      #expect(counters.reads == requests.count { !$0.isWrite })
      #expect(counters.writes == requests.count { $0.isWrite })
      #expect(counters.rowHits + counters.rowMisses + counters.rowConflicts == 3000)
      #expect((0...standard.banks).contains(counters.activates - counters.precharges))
      #expect(counters.activates == outcome.commands(.activate).count)
      #expect(counters.activates == outcome.completions.reduce(0) { $0 + Int($1.activates) })
      #expect(counters.refreshes == outcome.commands(.refresh).count)
    }
  }

  @Test func `at most one command issues in a cycle`() {
    let system = DRAMSystem.testing(.hbm2)
    let outcome = simulate(stream(3000, on: system, isWrite: { $0 % 3 == 0 }), on: system)
    #expect(zip(outcome.commands, outcome.commands.dropFirst()).allSatisfy { $0.cycle < $1.cycle })
  }

  @Test func `the closed policy closes a row with its last access`() {
    let requests = [DRAMTestRequest(bank: 0, row: 0), DRAMTestRequest(bank: 0, row: 0)]
    let later = [DRAMTestRequest(bank: 0, row: 1, isWrite: true, arrival: 500)]
    let outcome = simulate(requests + later, on: .testing(.ddr4_3200, policy: .closed))
    #expect(
      outcome.commands.map(\.command) == [
        .activate, .read, .readAutoPrecharge, .activate, .writeAutoPrecharge,
      ])
    #expect(outcome.counters.rowConflicts == 0)
    #expect(outcome.counters.precharges == 2)
  }

  @Test func `banks open while another is read`() {
    let requests = [DRAMTestRequest(bank: 0, row: 0), DRAMTestRequest(bank: 4, row: 0)]
    let outcome = simulate(requests, on: .testing(.ddr4_3200))
    #expect(outcome.commands.map(\.cycle) == [0, 4, 22, 26])
  }

  @Test func `an idle channel announces no command`() {
    var channel = DRAMChannel(system: .testing(.lpddr4_3200))
    var completions = DRAMCompletions()
    #expect(channel.nextCommandCycle == Int.max)
    channel.run(until: 100_000, completions: &completions)
    #expect(channel.nextCommandCycle == Int.max)
    #expect(channel.counters.refreshes == 16)
    #expect(channel.freeSlots == 32)
  }

  @Test func `the next command is announced exactly`() {
    var channel = DRAMChannel(system: .testing(.ddr4_3200))
    var completions = DRAMCompletions()
    channel.run(until: 10, completions: &completions)
    channel.enqueue(bank: 0, row: 0, column: 0, isWrite: false, tag: 7, at: 10)
    #expect(channel.nextCommandCycle == 10)
    channel.run(until: 11, completions: &completions)
    #expect(channel.nextCommandCycle == 10 + 22)
    channel.run(until: 32, completions: &completions)
    #expect(completions.isEmpty)
    channel.run(until: 33, completions: &completions)
    #expect(completions.entries == [DRAMCompletions.Entry(tag: 7, cycle: 32 + 22 + 4, activates: 1)])
  }

  @Test(arguments: DRAMStandard.all)
  func `refresh waits for the rows to close and holds the channel`(standard: DRAMStandard) throws {
    let n = try #require(JEDECNumbers.of[standard.name])
    let arrival = n.REFI - 1
    let requests = [
      DRAMTestRequest(bank: 0, row: 0), DRAMTestRequest(bank: 0, row: 0, arrival: arrival),
      DRAMTestRequest(bank: 0, row: 0, arrival: arrival),
    ]
    let outcome = simulate(requests, on: .testing(standard))
    let refresh = arrival + n.RTP + n.RPab
    #expect(outcome.commands(.prechargeAll).map(\.cycle) == [arrival + n.RTP])
    #expect(outcome.commands(.refresh).map(\.cycle) == [refresh])
    #expect(outcome.completion(of: 1) == arrival + n.RL + n.BL)
    #expect(outcome.completion(of: 2) == refresh + n.RFC + n.RCDRD + n.RL + n.BL)
  }

  @Test(arguments: DRAMStandard.all)
  func `requests are served between refreshes as close as they may be`(standard: DRAMStandard) {
    var standard = standard
    standard.timing.refreshInterval = standard.leastRefreshInterval
    var channel = DRAMChannel(system: .testing(standard, policy: .closed))
    var completions = DRAMCompletions()
    for tag in 0..<32 {
      channel.enqueue(bank: 0, row: tag, column: 0, isWrite: tag % 2 == 0, tag: Int32(tag), at: 0)
    }
    channel.run(until: 33 * standard.timing.refreshInterval, completions: &completions)
    #expect(completions.count == 32)
  }
}
