import Hardware

/// The way of several cores to the channels of the main memory that they share; see ``Hardware/Interconnect``.
///
/// In each cycle the cores act first and fill their ports; then each channel that is free, beginning with the channel
/// `cycle mod channels`, takes one access. Nothing that one core does can be seen by another in the same cycle, so the
/// order of the cores does not matter.
struct Crossbar {
  /// An access that waits in a core's port.
  struct Request {
    var access: Int
    var isWrite: Bool
    var tag: Int32
    /// The cycle of its hand-over to the port.
    var since: Int
  }

  private let cores: Int
  private let channels: Int
  private let depth: Int
  /// Cycles in which an access keeps both its ports busy.
  private let occupancy: Int
  private let arbitration: Interconnect.Arbitration
  /// The cores in the order of their turns, and whose turn it is at each channel.
  private let round: [Int]
  private var turn: [Int]
  /// Waiting accesses, core-major, one queue for each channel.
  private var queues: [[Request]]
  private var coreFree: [Int]
  private var channelFree: [Int]
  /// The cycle since which each channel has had a free place.
  private var roomSince: [Int]
  private var hadRoom: [Bool]
  /// Accesses handed over by each core to each channel whose data have not crossed its bus.
  private var waiting: [Int]
  /// Accesses of each core under way in all.
  private var underWay: [Int]
  /// The last cycle in which a channel took an access of each core.
  private var lastGrant: [Int]
  private var inboxes: [DRAMCompletions]
  private var served = DRAMCompletions()
  /// The earliest cycle of the next grant, as of the last one.
  private(set) var nextGrant = Int.max
  /// For each core, when it waited because another one was served.
  private(set) var logs: [ContentionLog]
  /// Up to when the slots that each core lost at each channel are noted.
  private var lostUntil: [Int]
  /// The present cycle, and the one before in which anything was looked at: nothing older is added to the logs.
  private var now = 0
  private var previous = 0

  /// Bits of a tag that are the DMA's; the core stands above.
  private static let tagBits: Int32 = 12

  init(model: HardwareModel, memory: MemorySystem) {
    let interconnect = model.interconnect
    cores = model.cores
    channels = memory.channelCount
    depth = interconnect.queueDepth
    occupancy = max(1, (memory.accessBytes + interconnect.portBytes - 1) / interconnect.portBytes)
    arbitration = interconnect.arbitration
    round = interconnect.round(cores: cores)
    turn = Array(repeating: 0, count: channels)
    queues = Array(repeating: [], count: cores * channels)
    coreFree = Array(repeating: 0, count: cores)
    channelFree = Array(repeating: 0, count: channels)
    roomSince = Array(repeating: 0, count: channels)
    hadRoom = Array(repeating: true, count: channels)
    waiting = Array(repeating: 0, count: cores * channels)
    underWay = Array(repeating: 0, count: cores)
    lastGrant = Array(repeating: -1, count: cores)
    lostUntil = Array(repeating: 0, count: cores * channels)
    inboxes = Array(repeating: DRAMCompletions(), count: cores)
    logs = Array(repeating: ContentionLog(), count: cores)
  }

  // MARK: A core's side

  func hasRoom(core: Int, channel: Int) -> Bool { queues[core * channels + channel].count < depth }

  mutating func enqueue(_ request: Request, core: Int, channel: Int) {
    queues[core * channels + channel].append(request)
    waiting[core * channels + channel] += 1
    underWay[core] += 1
  }

  /// Moves a core's completions to where it reads them.
  mutating func deliver(to core: Int, into completions: inout DRAMCompletions) {
    guard !inboxes[core].isEmpty else { return }
    for index in 0..<inboxes[core].count {
      let done = inboxes[core][index]
      completions.append(tag: done.tag, cycle: done.cycle, activates: done.activates)
      underWay[core] -= 1
    }
    inboxes[core].removeAll()
  }

  /// The next cycle in which the crossbar or the memory can do something for a core; never later than that.
  func nextEvent(of core: Int, isBlocked: Bool, memory: inout MemorySystem) -> Int {
    guard underWay[core] > 0 else { return Int.max }
    if !inboxes[core].isEmpty || isBlocked && lastGrant[core] == now { return 0 }
    var next = memory.leastCompletion(from: nextGrant)
    for channel in 0..<channels { next = min(next, memory.nextCompletion(channel)) }
    return isBlocked && nextGrant != Int.max ? min(next, nextGrant + 1) : next
  }

  /// Forgets a core's contention before `cycle`.
  mutating func forgetContention(of core: Int, before cycle: Int) {
    logs[core].forget(before: min(cycle, previous))
  }

  // MARK: The memory's side

  /// Brings the memory to cycle `cycle` and sorts what it has served.
  mutating func advance(to cycle: Int, memory: inout MemorySystem) {
    if cycle > now { previous = now }
    now = cycle
    for channel in 0..<channels {
      memory.advance(channel, to: cycle, into: &served)
      for index in 0..<served.count { sort(served[index], channel: channel, memory: memory) }
      served.removeAll()
      let isOpen = hasRoom(channel, in: memory)
      if isOpen, !hadRoom[channel] { roomSince[channel] = memory.isPipe ? memory.pipeOpens : cycle }
      hadRoom[channel] = isOpen
      if arbitration == .fixedShare, isFree(channel, memory) { noteLostSlots(channel) }
    }
  }

  /// Gives a completion to its core, and notes who had to wait meanwhile.
  private mutating func sort(_ done: DRAMCompletions.Entry, channel: Int, memory: MemorySystem) {
    let core = Int(done.tag >> Self.tagBits)
    waiting[core * channels + channel] -= 1
    inboxes[core].append(
      tag: done.tag & (1 << Self.tagBits - 1), cycle: done.cycle, activates: done.activates)
    let crossing = memory.transfer(of: done)
    let cycles = memory.coreCycle(of: crossing.lowerBound)..<memory.coreCycle(of: crossing.upperBound)
    for other in 0..<cores where other != core && waiting[other * channels + channel] > 0 {
      logs[other].add(cycles)
    }
  }

  private func hasRoom(_ channel: Int, in memory: MemorySystem) -> Bool {
    memory.isPipe ? memory.pipeOpens <= now : memory.hasRoom(channel)
  }

  /// Lets every channel that can take one access, and works out when the next one can go.
  mutating func grant(memory: inout MemorySystem) {
    for offset in 0..<channels {
      let channel = (now + offset) % channels
      guard isFree(channel, memory), let core = choose(channel) else { continue }
      grant(core, channel, memory: &memory)
    }
    nextGrant = findNextGrant(memory: &memory)
  }

  private func isFree(_ channel: Int, _ memory: MemorySystem) -> Bool {
    channelFree[channel] <= now && hasRoom(channel, in: memory)
  }

  /// The core whose access the channel takes now.
  private mutating func choose(_ channel: Int) -> Int? {
    func wants(_ core: Int) -> Bool { coreFree[core] <= now && !queues[core * channels + channel].isEmpty }
    switch arbitration {
    case .priority: return (0..<cores).first(where: wants)
    case .roundRobin:
      for offset in round.indices {
        let position = (turn[channel] + offset) % round.count
        guard wants(round[position]) else { continue }
        turn[channel] = (position + 1) % round.count
        return round[position]
      }
      return nil
    case .fixedShare:
      guard now % occupancy == 0 else { return nil }
      let core = round[(now / occupancy + channel) % round.count]
      return wants(core) ? core : nil
    }
  }

  private mutating func grant(_ core: Int, _ channel: Int, memory: inout MemorySystem) {
    let request = queues[core * channels + channel].removeFirst()
    let end = now + occupancy
    coreFree[core] = end
    channelFree[channel] = end
    lastGrant[core] = now
    for other in 0..<cores where other != core && !queues[other * channels + channel].isEmpty {
      logs[other].add(now..<end)
    }
    memory.request(
      request.access, isWrite: request.isWrite, tag: request.tag | Int32(core) << Self.tagBits, at: now,
      into: &served)
    // A pipe has served it at once.
    for index in 0..<served.count { sort(served[index], channel: channel, memory: memory) }
    served.removeAll()
    hadRoom[channel] = hasRoom(channel, in: memory)
  }

  /// Notes the cycles that a core could have used had they been its slot.
  private mutating func noteLostSlots(_ channel: Int) {
    for core in 0..<cores where coreFree[core] <= now {
      guard let head = queues[core * channels + channel].first else { continue }
      let since = max(
        head.since, coreFree[core], channelFree[channel], roomSince[channel],
        lostUntil[core * channels + channel])
      if since < now { logs[core].add(since..<now) }
      lostUntil[core * channels + channel] = now
    }
  }

  private func findNextGrant(memory: inout MemorySystem) -> Int {
    var next = Int.max
    for channel in 0..<channels {
      var free = max(now + 1, channelFree[channel])
      var knowsRoom = false
      for core in 0..<cores where !queues[core * channels + channel].isEmpty {
        if !knowsRoom {
          knowsRoom = true
          if memory.isPipe {
            free = max(free, memory.pipeOpens)
          } else if !memory.hasRoom(channel) {
            // To be seen when it comes, even if it is nobody's slot.
            free = max(free, memory.nextRoom(channel))
            next = min(next, free)
          }
        }
        next = min(next, firstSlot(of: core, channel, from: max(free, coreFree[core])))
      }
    }
    return next
  }

  /// The first cycle from `cycle` on in which a core may have a channel.
  private func firstSlot(of core: Int, _ channel: Int, from cycle: Int) -> Int {
    guard arbitration == .fixedShare, cycle != Int.max else { return cycle }
    var slot = (cycle + occupancy - 1) / occupancy
    while round[(slot + channel) % round.count] != core { slot += 1 }
    return slot * occupancy
  }
}
