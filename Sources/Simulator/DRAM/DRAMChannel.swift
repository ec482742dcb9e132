package import Hardware

/// A DRAM channel behind its controller, command by command.
///
/// One queue holds reads and writes. In every command-clock cycle at most one command issues, the first of these that
/// the timing table allows:
///
/// 1. When a refresh is due (every tREFI): nothing else issues until all rows are closed by PREA and REF has issued.
/// 2. The oldest request's next command, once it has been passed `hitCap` times (see below).
/// 3. First-ready: the oldest read or write whose row is open.
/// 4. First-come: the oldest request whose bank is closed (ACT), or holds a row that no request wants (PRE).
///
/// Reads and writes need no batching policy of their own: after a read the next read is ready long before a write is, so
/// the bus keeps its direction while there are row hits for it, until the cap turns it.
///
/// Starvation bound: each younger request whose column command goes first passes the oldest request. After `hitCap` of
/// them nothing may hold the oldest back: columns of its bank wait if it needs another row, and all columns wait once
/// its row is open. Every request becomes the oldest, so none waits for ever.
///
/// With the closed-row policy a column command closes its row (auto-precharge) unless a request in the queue wants the
/// same row.
///
/// Time advances from command to command, never cycle by cycle. The cost of a command grows with the banks that have
/// work, not with the queue.
package struct DRAMChannel: ~Copyable {
  let standard: DRAMStandard
  let closesRows: Bool
  let hitCap: Int
  var timing: DRAMTimingRegisters
  var queue: DRAMRequestQueue
  /// Every cycle before this one has passed: no command issues in it any more.
  var horizon = 0
  var refreshDue: Int
  /// The next command, when it has been chosen since the queue last changed.
  var chosen: Choice?
  /// What the channel has done so far.
  package internal(set) var counters = DRAMCounters()
  /// The commands issued, if ``logsCommands``.
  package internal(set) var commandLog: [DRAMCommandRecord] = []
  /// Whether commands are logged.
  package var logsCommands = false

  /// One channel of a system.
  ///
  /// - Precondition: the standard has at most ``DRAMStandard/mostBanks`` banks, and the queue at least one place.
  package init(system: DRAMSystem) {
    precondition(system.standard.banks <= DRAMStandard.mostBanks, "too many banks for one channel")
    precondition(system.queueDepth >= 1, "a queue has at least one place")
    standard = system.standard
    closesRows = system.rowPolicy == .closed
    hitCap = system.hitCap
    timing = DRAMTimingRegisters(system.standard)
    queue = DRAMRequestQueue(capacity: system.queueDepth, banks: system.standard.banks)
    let interval = system.standard.timing.refreshInterval
    refreshDue = interval > 0 ? interval : Int.max
  }

  /// Free places in the request queue.
  package var freeSlots: Int { queue.capacity - queue.count }

  /// Puts a request into the queue, to be seen from `cycle` on.
  ///
  /// - Precondition: there is a free place, and `cycle` is neither before one given to `run` nor before that of an
  ///   earlier request.
  package mutating func enqueue(bank: Int, row: Int, column: Int, isWrite: Bool, tag: Int32, at cycle: Int) {
    precondition(freeSlots > 0, "the request queue is full")
    precondition(bank >= 0 && bank < queue.bankCount && row >= 0, "no such bank or row")
    let index = queue.take(bank: bank, row: row, column: column, isWrite: isWrite, tag: tag, arrival: cycle)
    if queue.nextArrival == DRAMRequestQueue.none, cycle <= horizon {
      queue.arrive(index)
      chosen = nil
    } else {
      queue.await(index)
    }
  }

  /// Issues every command of the cycles before `cycle`, and appends the requests whose column command is among them.
  package mutating func run(until cycle: Int, completions: inout DRAMCompletions) {
    while true {
      let choice = choose()
      let arrival = nextArrivalCycle
      if arrival <= choice.cycle, arrival < cycle {
        horizon = max(horizon, arrival)
        queue.arriveNext()
        chosen = nil
        continue
      }
      guard choice.cycle < cycle else { break }
      issue(choice, completions: &completions)
      horizon = choice.cycle + 1
      chosen = nil
    }
    horizon = max(horizon, cycle)
  }

  /// The earliest cycle at which a command may issue for the requests in the queue; `Int.max` when it is empty.
  ///
  /// Exact unless a request is yet to arrive, then not later than the command.
  package var nextCommandCycle: Int {
    mutating get {
      guard queue.count > 0 else { return Int.max }
      return min(choose().cycle, nextArrivalCycle)
    }
  }

  @inline(__always)
  private var nextArrivalCycle: Int {
    queue.nextArrival == DRAMRequestQueue.none ? Int.max : queue.slots[Int(queue.nextArrival)].arrival
  }
}
