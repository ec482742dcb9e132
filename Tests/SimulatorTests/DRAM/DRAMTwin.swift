import Hardware
import Simulator

/// The slow twin of `DRAMChannel`: steps every cycle and reads the timing table against the history of commands.
///
/// It keeps no timing register and no index of the queue: each cycle it looks at every request, and for every command it
/// would issue at every line of the table and at the commands issued so far, as far back as the line reaches.
struct DRAMTwin {
  struct Request {
    var bank: Int
    var row: Int
    var column: Int
    var isWrite: Bool
    var tag: Int32
    var arrival: Int
    var timesPassed = 0
    var activates: Int32 = 0
    var wasPrecharged = false
  }

  let system: DRAMSystem
  /// The lines of the table that hold a command back.
  let constraints: [DRAMCommand: [DRAMConstraint]]
  var cycle = 0
  /// Oldest first; those that have not arrived are at the end.
  var queue: [Request] = []
  var openRows: [Int?]
  var history: [DRAMCommandRecord] = []
  var refreshesDone = 0
  var completions: [DRAMCompletions.Entry] = []
  var counters = DRAMCounters()

  init(system: DRAMSystem) {
    self.system = system
    let table = system.standard.constraints
    constraints = Dictionary(
      uniqueKeysWithValues: DRAMCommand.allCases.map { command in
        (command, table.filter { $0.following.contains(command) })
      })
    openRows = Array(repeating: nil, count: system.standard.banks)
  }

  var freeSlots: Int { system.queueDepth - queue.count }

  mutating func enqueue(_ request: DRAMTestRequest, tag: Int, at cycle: Int) {
    queue.append(
      Request(
        bank: request.bank, row: request.row, column: request.column, isWrite: request.isWrite,
        tag: Int32(tag),
        arrival: cycle))
  }

  mutating func run(until end: Int) {
    while cycle < end {
      step()
      cycle += 1
    }
  }

  /// Whether the table lets a command issue in this cycle.
  func allows(_ command: DRAMCommand, bank: Int) -> Bool {
    let group = bank / system.standard.banksPerGroup
    for constraint in constraints[command] ?? [] {
      var left = constraint.window
      for record in history.reversed() {
        if record.cycle + constraint.distance <= cycle { break }
        guard constraint.preceding.contains(record.command) else { continue }
        let shares =
          switch constraint.scope {
          case .bank: record.bank == bank
          case .bankGroup: record.bank / system.standard.banksPerGroup == group
          case .channel: true
          }
        guard shares else { continue }
        left -= 1
        if left == 0 { return false }
      }
    }
    return true
  }

  private mutating func step() {
    let interval = system.standard.timing.refreshInterval
    if interval > 0, cycle >= (refreshesDone + 1) * interval {
      if openRows.contains(where: { $0 != nil }) {
        guard allows(.prechargeAll, bank: -1) else { return }
        counters.precharges += openRows.count { $0 != nil }
        openRows = openRows.map { _ in nil }
        log(.prechargeAll, -1, -1)
      } else if allows(.refresh, bank: -1) {
        refreshesDone += 1
        counters.refreshes += 1
        log(.refresh, -1, -1)
      }
      return
    }

    if queue.isEmpty { return }
    let arrived = queue.indices.filter { queue[$0].arrival <= cycle }
    guard let oldest = arrived.first else { return }
    var mayAccess = arrived
    if queue[oldest].timesPassed >= system.hitCap {
      let first = queue[oldest]
      if let open = openRows[first.bank] {
        if open == first.row {
          mayAccess = [oldest]
          if accessed(oldest) { return }
        } else {
          mayAccess = arrived.filter { queue[$0].bank != first.bank }
          if precharged(oldest) { return }
        }
      } else if activated(oldest) {
        return
      }
    }
    for index in mayAccess where openRows[queue[index].bank] == queue[index].row {
      if accessed(index) { return }
    }
    for index in arrived {
      guard let open = openRows[queue[index].bank] else {
        if activated(index) { return }
        continue
      }
      let isWanted = arrived.contains { queue[$0].bank == queue[index].bank && queue[$0].row == open }
      if !isWanted, precharged(index) { return }
    }
  }

  private mutating func accessed(_ index: Int) -> Bool {
    let request = queue[index]
    let isWantedToo = queue.indices.contains {
      $0 != index && queue[$0].arrival <= cycle && queue[$0].bank == request.bank
        && queue[$0].row == request.row
    }
    let closes = system.rowPolicy == .closed && !isWantedToo
    let command: DRAMCommand =
      request.isWrite ? (closes ? .writeAutoPrecharge : .write) : (closes ? .readAutoPrecharge : .read)
    guard allows(command, bank: request.bank) else { return false }
    log(command, request.bank, request.row)
    for older in queue[..<index].indices { queue[older].timesPassed += 1 }
    queue.remove(at: index)
    if closes {
      openRows[request.bank] = nil
      counters.precharges += 1
    }
    if request.wasPrecharged {
      counters.rowConflicts += 1
    } else if request.activates > 0 {
      counters.rowMisses += 1
    } else {
      counters.rowHits += 1
    }
    let timing = system.standard.timing
    if request.isWrite { counters.writes += 1 } else { counters.reads += 1 }
    let latency = request.isWrite ? timing.writeLatency : timing.readLatency
    completions.append(
      DRAMCompletions.Entry(
        tag: request.tag, cycle: cycle + latency + system.standard.burstCycles, activates: request.activates))
    return true
  }

  private mutating func activated(_ index: Int) -> Bool {
    guard allows(.activate, bank: queue[index].bank) else { return false }
    openRows[queue[index].bank] = queue[index].row
    queue[index].activates += 1
    counters.activates += 1
    log(.activate, queue[index].bank, queue[index].row)
    return true
  }

  private mutating func precharged(_ index: Int) -> Bool {
    guard allows(.precharge, bank: queue[index].bank) else { return false }
    openRows[queue[index].bank] = nil
    queue[index].wasPrecharged = true
    counters.precharges += 1
    log(.precharge, queue[index].bank, -1)
    return true
  }

  private mutating func log(_ command: DRAMCommand, _ bank: Int, _ row: Int) {
    history.append(DRAMCommandRecord(cycle: cycle, command: command, bank: bank, row: row))
  }
}

/// Gives requests to the twin as `simulate` gives them to the channel, stepping cycle by cycle.
func simulateTwin(_ requests: [DRAMTestRequest], on system: DRAMSystem) -> DRAMOutcome {
  var twin = DRAMTwin(system: system)
  var next = 0
  while next < requests.count || !twin.queue.isEmpty {
    while next < requests.count, twin.freeSlots > 0, requests[next].arrival <= twin.cycle {
      twin.enqueue(requests[next], tag: next, at: twin.cycle)
      next += 1
    }
    twin.run(until: twin.cycle + 1)
  }
  return DRAMOutcome(completions: twin.completions, commands: twin.history, counters: twin.counters)
}
