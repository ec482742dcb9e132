import Hardware
import Simulator
import Testing

/// A request as tests write it.
struct DRAMTestRequest: Hashable {
  var bank: Int
  var row: Int
  var column = 0
  var isWrite = false
  /// The earliest cycle at which it is given to the controller.
  var arrival = 0
}

/// What came of a run: completions by tag, the command stream, the counters.
struct DRAMOutcome: Hashable {
  var completions: [DRAMCompletions.Entry]
  var commands: [DRAMCommandRecord]
  var counters: DRAMCounters

  /// Where two outcomes part, in words; nil if they are the same.
  func firstDifference(from other: DRAMOutcome) -> String? {
    for (mine, theirs) in zip(commands, other.commands) where mine != theirs {
      return "\(mine) against \(theirs)"
    }
    for (mine, theirs) in zip(completions, other.completions) where mine != theirs {
      return "\(mine) against \(theirs)"
    }
    if self == other { return nil }
    return "\(counters), \(commands.count) commands against \(other.counters), \(other.commands.count)"
  }

  /// The end of the last data.
  var end: Int { completions.map(\.cycle).max() ?? 0 }
  func completion(of tag: Int) -> Int? { completions.first { $0.tag == Int32(tag) }?.cycle }
  func commands(_ command: DRAMCommand) -> [DRAMCommandRecord] { commands.filter { $0.command == command } }
}

extension DRAMStandard: CustomTestStringConvertible {
  /// The name alone: the whole value would fill pages of the log.
  public var testDescription: String { name }
}

extension DRAMSystem {
  static func testing(
    _ standard: DRAMStandard, map: AddressMap = .rowBankColumnChannel, policy: RowPolicy = .open,
    refreshed: Bool = true,
    depth: Int = 32, hitCap: Int = 64
  ) -> DRAMSystem {
    var standard = standard
    if !refreshed { standard.timing.refreshInterval = 0 }
    return DRAMSystem(
      standard: standard, channels: 1, addressMap: map, rowPolicy: policy, queueDepth: depth, hitCap: hitCap)
  }
}

/// Gives requests to one channel as their arrival and the queue allow, jumping from command to command.
func simulate(_ requests: [DRAMTestRequest], on system: DRAMSystem, logged: Bool = true) -> DRAMOutcome {
  var channel = DRAMChannel(system: system)
  channel.logsCommands = logged
  var completions = DRAMCompletions()
  var next = 0
  var cycle = 0
  while next < requests.count || channel.freeSlots < system.queueDepth {
    while next < requests.count, channel.freeSlots > 0, requests[next].arrival <= cycle {
      let request = requests[next]
      channel.enqueue(
        bank: request.bank, row: request.row, column: request.column, isWrite: request.isWrite,
        tag: Int32(next),
        at: cycle)
      next += 1
    }
    let arrival = next < requests.count && channel.freeSlots > 0 ? requests[next].arrival : Int.max
    let command = channel.nextCommandCycle
    cycle = min(arrival, command == Int.max ? command : command + 1)
    channel.run(until: cycle, completions: &completions)
  }
  return DRAMOutcome(
    completions: completions.entries, commands: channel.commandLog, counters: channel.counters)
}

/// A stream of consecutive accesses from the address 0.
func stream(_ count: Int, on system: DRAMSystem, isWrite: (Int) -> Bool = { _ in false }) -> [DRAMTestRequest]
{
  let decoder = DRAMAddressDecoder(system: system)
  return (0..<count).map { index in
    let place = decoder.decode(index * system.standard.accessBytes)
    return DRAMTestRequest(bank: place.bank, row: place.row, column: place.column, isWrite: isWrite(index))
  }
}

/// A small deterministic generator (SplitMix64; Steele et al., OOPSLA 2014, doi:10.1145/2660193.2660195).
struct TestRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
