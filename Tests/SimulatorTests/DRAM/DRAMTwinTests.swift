import Hardware
import Simulator
import Testing

/// The channel against its slow twin: completions, command stream and counters are the same.
@Suite struct `DRAM channel and its slow twin` {
  /// Requests whose locality, mix of reads and writes and density are drawn anew for each sequence.
  static func requests(_ random: inout TestRandom, on standard: DRAMStandard, refreshes: Bool)
    -> [DRAMTestRequest]
  {
    let count = Int.random(in: 8...60, using: &random)
    let banks = Int.random(in: 1...standard.banks, using: &random)
    let rows = Int.random(in: 1...4, using: &random)
    let writes = [0, 20, 50, 80, 100].randomElement(using: &random) ?? 50
    let gap = [0, 1, 6, 40].randomElement(using: &random) ?? 0
    let interval = standard.timing.refreshInterval
    var arrival = refreshes ? interval - Int.random(in: 0..<400, using: &random) : 0
    return (0..<count).map { _ in
      arrival += gap == 0 ? 0 : Int.random(in: 0...gap, using: &random)
      return DRAMTestRequest(
        bank: Int.random(in: 0..<banks, using: &random), row: Int.random(in: 0..<rows, using: &random),
        column: Int.random(in: 0..<standard.columns, using: &random),
        isWrite: Int.random(in: 0..<100, using: &random) < writes, arrival: arrival)
    }
  }

  static func system(_ random: inout TestRandom, of standard: DRAMStandard, policy: DRAMSystem.RowPolicy)
    -> DRAMSystem
  {
    .testing(
      standard, policy: policy, depth: [1, 2, 8, 32].randomElement(using: &random) ?? 32,
      hitCap: [0, 1, 4, 16, 64].randomElement(using: &random) ?? 64)
  }

  @Test(arguments: DRAMStandard.all, DRAMSystem.RowPolicy.allCases)
  func `issue the same commands in the same cycles`(standard: DRAMStandard, policy: DRAMSystem.RowPolicy) {
    var random = TestRandom(state: 1)
    for trial in 0..<200 {
      let system = Self.system(&random, of: standard, policy: policy)
      let requests = Self.requests(&random, on: standard, refreshes: trial % 8 == 0)
      let twin = simulateTwin(requests, on: system)
      let fast = simulate(requests, on: system)
      #expect(fast.firstDifference(from: twin) == nil, "trial \(trial)")
      if fast != twin { break }
    }
  }

  @Test(arguments: DRAMStandard.all, AddressMap.allCases)
  func `agree on a copy from one place to another under every address map`(
    standard: DRAMStandard, map: AddressMap
  ) {
    let system = DRAMSystem.testing(standard, map: map)
    let decoder = DRAMAddressDecoder(system: system)
    let requests = (0..<160).map { index in
      let isWrite = index % 2 == 1
      let place = decoder.decode((isWrite ? 3 << 20 : 0) + index / 2 * standard.accessBytes)
      return DRAMTestRequest(bank: place.bank, row: place.row, column: place.column, isWrite: isWrite)
    }
    #expect(simulate(requests, on: system).firstDifference(from: simulateTwin(requests, on: system)) == nil)
  }

  @Test(arguments: DRAMStandard.all)
  func `agree when requests are given before they arrive`(standard: DRAMStandard) {
    var random = TestRandom(state: 3)
    for trial in 0..<50 {
      let system = DRAMSystem.testing(standard, depth: 64)
      let requests = Self.requests(&random, on: standard, refreshes: trial % 4 == 0)
      var channel = DRAMChannel(system: system)
      channel.logsCommands = true
      var completions = DRAMCompletions()
      var twin = DRAMTwin(system: system)
      for (tag, request) in requests.enumerated() {
        channel.enqueue(
          bank: request.bank, row: request.row, column: request.column, isWrite: request.isWrite,
          tag: Int32(tag),
          at: request.arrival)
        twin.enqueue(request, tag: tag, at: request.arrival)
      }
      while channel.nextCommandCycle != Int.max {
        channel.run(until: channel.nextCommandCycle + 1, completions: &completions)
      }
      twin.run(until: (twin.queue.map(\.arrival).max() ?? 0) + 3000)
      #expect(twin.queue.isEmpty)
      let fast = DRAMOutcome(
        completions: completions.entries, commands: channel.commandLog, counters: channel.counters)
      let slow = DRAMOutcome(
        completions: twin.completions, commands: Array(twin.history.prefix(channel.commandLog.count)),
        counters: channel.counters)
      #expect(fast.firstDifference(from: slow) == nil, "trial \(trial)")
    }
  }

  @Test func `differ when one line of the table is a cycle shorter`() {
    var standard = DRAMStandard.ddr4_3200
    let requests = stream(200, on: .testing(standard))
    let twin = simulateTwin(requests, on: .testing(standard))
    standard.timing.activateToRead -= 1
    #expect(simulate(requests, on: .testing(standard)).commands != twin.commands)
  }

  @Test(arguments: [DRAMStandard.lpddr4_3200, .hbm2])
  func `a run cut into single cycles is the run in one piece`(standard: DRAMStandard) {
    var random = TestRandom(state: 4)
    let system = DRAMSystem.testing(standard, depth: 60)
    let requests = Self.requests(&random, on: standard, refreshes: true)
    let end = (requests.map(\.arrival).max() ?? 0) + 20_000
    var whole = DRAMChannel(system: system)
    var cut = DRAMChannel(system: system)
    whole.logsCommands = true
    cut.logsCommands = true
    var completions = DRAMCompletions()
    var cutCompletions = DRAMCompletions()
    for (tag, request) in requests.enumerated() {
      whole.enqueue(
        bank: request.bank, row: request.row, column: 0, isWrite: request.isWrite, tag: Int32(tag),
        at: request.arrival)
      cut.enqueue(
        bank: request.bank, row: request.row, column: 0, isWrite: request.isWrite, tag: Int32(tag),
        at: request.arrival)
    }
    whole.run(until: end, completions: &completions)
    for cycle in 1...end { cut.run(until: cycle, completions: &cutCompletions) }
    #expect(completions.entries == cutCompletions.entries)
    #expect(whole.commandLog == cut.commandLog)
    #expect(whole.counters == cut.counters)
  }
}
