import Hardware
import Simulator
import Testing

/// JEDEC parameters as the sources print them, in command-clock cycles, written apart from the catalogue.
struct JEDECNumbers {
  var RL, WL, BL, RCDRD, RCDWR, RP, RPab, RAS, RC, CCD_S, CCD_L, RRD_S, RRD_L, FAW, WR, RTP, WTR_S, WTR_L: Int
  var RFC, REFI: Int
  var PPD = 1
  /// tDQSS, counted before the write's data where the standard does (LPDDR4).
  var DQSS = 0
  /// RD to WR beyond RL + BL − WL: 2 tCK, in LPDDR4 tDQSCK + tWPRE.
  var turn = 2

  static let of: [String: JEDECNumbers] = [
    "ddr4-2400": JEDECNumbers(
      RL: 17, WL: 12, BL: 4, RCDRD: 17, RCDWR: 17, RP: 17, RPab: 17, RAS: 39, RC: 56, CCD_S: 4, CCD_L: 6,
      RRD_S: 4,
      RRD_L: 6, FAW: 26, WR: 18, RTP: 9, WTR_S: 3, WTR_L: 9, RFC: 420, REFI: 9360),
    "ddr4-3200": JEDECNumbers(
      RL: 22, WL: 16, BL: 4, RCDRD: 22, RCDWR: 22, RP: 22, RPab: 22, RAS: 52, RC: 74, CCD_S: 4, CCD_L: 8,
      RRD_S: 4,
      RRD_L: 8, FAW: 34, WR: 24, RTP: 12, WTR_S: 4, WTR_L: 12, RFC: 560, REFI: 12480),
    "lpddr4-3200": JEDECNumbers(
      RL: 28, WL: 14, BL: 8, RCDRD: 29, RCDWR: 29, RP: 29, RPab: 34, RAS: 68, RC: 97, CCD_S: 8, CCD_L: 8,
      RRD_S: 16,
      RRD_L: 16, FAW: 64, WR: 29, RTP: 12, WTR_S: 16, WTR_L: 16, RFC: 448, REFI: 6246, PPD: 4, DQSS: 1,
      turn: 6 + 2),
    "lpddr5-6400": JEDECNumbers(
      RL: 17, WL: 9, BL: 2, RCDRD: 15, RCDWR: 15, RP: 15, RPab: 17, RAS: 34, RC: 49, CCD_S: 2, CCD_L: 4,
      RRD_S: 4,
      RRD_L: 4, FAW: 16, WR: 28, RTP: 8, WTR_S: 5, WTR_L: 10, RFC: 224, REFI: 3125, PPD: 2),
    "hbm2": JEDECNumbers(
      RL: 17, WL: 6, BL: 2, RCDRD: 17, RCDWR: 14, RP: 17, RPab: 17, RAS: 40, RC: 57, CCD_S: 2, CCD_L: 4,
      RRD_S: 5,
      RRD_L: 5, FAW: 19, WR: 19, RTP: 6, WTR_S: 8, WTR_L: 10, RFC: 421, REFI: 4682),
    // tCCD_S is 1, but a burst holds the bus for 2.
    "hbm2-2000": JEDECNumbers(
      RL: 14, WL: 4, BL: 2, RCDRD: 14, RCDWR: 14, RP: 14, RPab: 14, RAS: 34, RC: 48, CCD_S: 2, CCD_L: 2,
      RRD_S: 4,
      RRD_L: 6, FAW: 30, WR: 16, RTP: 6, WTR_S: 6, WTR_L: 8, RFC: 260, REFI: 3900),
  ]
}

/// What a second command's bank shares with the first's.
enum Neighbour: CaseIterable {
  case sameBank, sameGroup, otherGroup
}

extension JEDECNumbers {
  /// The cycles between two commands; nil if nothing keeps them apart.
  func distance(_ first: DRAMCommand, _ second: DRAMCommand, _ neighbour: Neighbour) -> Int? {
    let isSameBank = neighbour == .sameBank
    let isSameGroup = neighbour != .otherGroup
    let readToPrecharge = RTP
    let writeToPrecharge = WL + BL + DQSS + WR
    switch (first, second) {
    case (.activate, .activate): return isSameBank ? RC : isSameGroup ? RRD_L : RRD_S
    case (.activate, .read), (.activate, .readAutoPrecharge): return isSameBank ? RCDRD : nil
    case (.activate, .write), (.activate, .writeAutoPrecharge): return isSameBank ? RCDWR : nil
    case (.activate, .precharge): return isSameBank ? RAS : nil
    case (.activate, .prechargeAll): return RAS
    case (.activate, .refresh): return RC
    case (.read, .read), (.read, .readAutoPrecharge), (.readAutoPrecharge, .read),
      (.readAutoPrecharge, .readAutoPrecharge), (.write, .write), (.write, .writeAutoPrecharge),
      (.writeAutoPrecharge, .write), (.writeAutoPrecharge, .writeAutoPrecharge):
      return isSameGroup ? CCD_L : CCD_S
    case (.read, .write), (.read, .writeAutoPrecharge), (.readAutoPrecharge, .write),
      (.readAutoPrecharge, .writeAutoPrecharge):
      return RL + BL + turn - WL
    case (.write, .read), (.write, .readAutoPrecharge), (.writeAutoPrecharge, .read),
      (.writeAutoPrecharge, .readAutoPrecharge):
      return WL + BL + DQSS + (isSameGroup ? WTR_L : WTR_S)
    case (.read, .precharge): return isSameBank ? readToPrecharge : nil
    case (.write, .precharge): return isSameBank ? writeToPrecharge : nil
    case (.read, .prechargeAll), (.readAutoPrecharge, .prechargeAll): return readToPrecharge
    case (.write, .prechargeAll), (.writeAutoPrecharge, .prechargeAll): return writeToPrecharge
    case (.readAutoPrecharge, .activate): return isSameBank ? readToPrecharge + RP : nil
    case (.writeAutoPrecharge, .activate): return isSameBank ? writeToPrecharge + RP : nil
    case (.readAutoPrecharge, .refresh): return readToPrecharge + RP
    case (.writeAutoPrecharge, .refresh): return writeToPrecharge + RP
    case (.precharge, .activate): return isSameBank ? RP : nil
    case (.precharge, .refresh): return RP
    case (.precharge, .precharge), (.precharge, .prechargeAll), (.prechargeAll, .precharge),
      (.prechargeAll, .prechargeAll):
      return PPD
    case (.prechargeAll, .activate), (.prechargeAll, .refresh): return RPab
    case (.refresh, .activate), (.refresh, .refresh): return RFC
    default: return nil
    }
  }
}

/// Each gate is tight: blocked at n−1, ready at n.
@Suite struct `DRAM timing` {
  static let start = 10_000

  static func neighbours(of standard: DRAMStandard) -> [(Neighbour, bank: Int)] {
    [(.sameBank, 0), (.sameGroup, 1)]
      + (standard.bankGroups > 1 ? [(.otherGroup, standard.banksPerGroup)] : [])
  }

  @Test(arguments: DRAMStandard.all, DRAMCommand.allCases)
  func `a command waits exactly as long as JEDEC says`(standard: DRAMStandard, first: DRAMCommand) throws {
    let numbers = try #require(JEDECNumbers.of[standard.name])
    for second in DRAMCommand.allCases {
      for (neighbour, bank) in Self.neighbours(of: standard) {
        var registers = DRAMTimingRegisters(standard)
        registers.issue(first, bank: 0, at: Self.start)
        let earliest = registers.earliest(second, bank: bank)
        if let distance = numbers.distance(first, second, neighbour) {
          #expect(earliest == Self.start + distance, "\(first.mnemonic) to \(second.mnemonic), \(neighbour)")
        } else {
          #expect(earliest == 0, "\(first.mnemonic) to \(second.mnemonic), \(neighbour)")
        }
      }
    }
  }

  @Test(arguments: DRAMStandard.all)
  func `a fifth activate waits for the four-activate window`(standard: DRAMStandard) throws {
    let numbers = try #require(JEDECNumbers.of[standard.name])
    var registers = DRAMTimingRegisters(standard)
    let banks = (0..<5).map { $0 * standard.banksPerGroup % standard.banks + $0 / standard.bankGroups }
    var cycles: [Int] = []
    for bank in banks {
      let cycle = max(registers.earliest(.activate, bank: bank), Self.start)
      registers.issue(.activate, bank: bank, at: cycle)
      cycles.append(cycle)
    }
    #expect(cycles[3] == Self.start + 3 * numbers.RRD_S)
    #expect(cycles[4] == Self.start + max(numbers.FAW, 4 * numbers.RRD_S))
  }

  @Test(arguments: DRAMStandard.all)
  func `the window slides with each activate`(standard: DRAMStandard) throws {
    let numbers = try #require(JEDECNumbers.of[standard.name])
    var registers = DRAMTimingRegisters(standard)
    let late = Self.start + numbers.FAW - 1
    for (bank, cycle) in [Self.start, late, late + numbers.RRD_L, late + 2 * numbers.RRD_L].enumerated() {
      registers.issue(.activate, bank: bank, at: cycle)
    }
    #expect(
      registers.earliest(.activate, bank: 4) == late + 2 * numbers.RRD_L + numbers.RRD_L || standard.banks > 8
    )
    registers.issue(.activate, bank: 5, at: late + 3 * numbers.RRD_L)
    #expect(
      registers.earliest(.activate, bank: standard.banks - 1)
        == max(late + numbers.FAW, late + 3 * numbers.RRD_L + numbers.RRD_S))
  }

  @Test(arguments: DRAMStandard.all)
  func `probing changes nothing`(standard: DRAMStandard) {
    var registers = DRAMTimingRegisters(standard)
    registers.issue(.activate, bank: 0, at: 7)
    let before = DRAMCommand.allCases.map { registers.earliest($0, bank: 0) }
    #expect(DRAMCommand.allCases.map { registers.earliest($0, bank: 0) } == before)
  }

  @Test(arguments: DRAMStandard.all)
  func `no distance of the table is below one cycle`(standard: DRAMStandard) {
    #expect(standard.constraints.allSatisfy { $0.distance >= 1 && $0.window >= 1 })
  }
}

/// Latencies of single accesses in closed form.
@Suite struct `DRAM latency` {
  static func latency(_ requests: [DRAMTestRequest], on standard: DRAMStandard) -> Int? {
    let outcome = simulate(requests, on: .testing(standard))
    let last = requests.count - 1
    return outcome.completion(of: last).map { $0 - requests[last].arrival }
  }

  @Test(arguments: DRAMStandard.all)
  func `a closed row costs activate, read and burst`(standard: DRAMStandard) throws {
    let n = try #require(JEDECNumbers.of[standard.name])
    #expect(Self.latency([DRAMTestRequest(bank: 3, row: 5)], on: standard) == n.RCDRD + n.RL + n.BL)
    #expect(
      Self.latency([DRAMTestRequest(bank: 3, row: 5, isWrite: true)], on: standard) == n.RCDWR + n.WL + n.BL)
  }

  @Test(arguments: DRAMStandard.all)
  func `an open row costs read and burst`(standard: DRAMStandard) throws {
    let n = try #require(JEDECNumbers.of[standard.name])
    let open = DRAMTestRequest(bank: 3, row: 5)
    #expect(
      Self.latency([open, DRAMTestRequest(bank: 3, row: 5, arrival: 1000)], on: standard) == n.RL + n.BL)
    #expect(
      Self.latency([open, DRAMTestRequest(bank: 3, row: 5, isWrite: true, arrival: 1000)], on: standard)
        == n.WL + n.BL)
  }

  @Test(arguments: DRAMStandard.all)
  func `another row costs precharge, activate, read and burst`(standard: DRAMStandard) throws {
    let n = try #require(JEDECNumbers.of[standard.name])
    let other = DRAMTestRequest(bank: 3, row: 6, arrival: 1000)
    #expect(
      Self.latency([DRAMTestRequest(bank: 3, row: 5), other], on: standard) == n.RP + n.RCDRD + n.RL + n.BL)
  }

  @Test(arguments: DRAMStandard.all)
  func `a row just opened must stay open for tRAS`(standard: DRAMStandard) throws {
    let n = try #require(JEDECNumbers.of[standard.name])
    let outcome = simulate(
      [DRAMTestRequest(bank: 0, row: 0), DRAMTestRequest(bank: 0, row: 1)], on: .testing(standard))
    #expect(outcome.commands(.precharge).first?.cycle == max(n.RAS, n.RCDRD + n.RTP))
  }
}
