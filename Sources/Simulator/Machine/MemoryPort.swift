import Hardware
import Measures

/// Main memory and the caches before it as the DMA of one core sees them: accesses go in, answers come out.
///
/// A core alone hands its accesses, or the lines that its caches want, straight to the memory's channels; where several
/// cores share it, they go through the crossbar.
struct MemoryPort {
  /// An access of the DMA that has been answered.
  struct Answer {
    var tag: Int32
    /// The core cycle in which the data had moved.
    var cycle: Int
  }

  /// What main memory did.
  struct Traffic {
    var isWrite: Bool
    var activates: Int
    /// The core cycle in which the data had moved.
    var cycle: Int
    /// For whom: the tag of an access of the DMA, or the layer for which a cache asked.
    var origin: Origin

    enum Origin {
      case tag(Int32)
      case layer(Int)
    }
  }

  /// Bytes of one access; addresses are counted in accesses.
  let accessBytes: Int
  /// Completed accesses of main memory: tag and the memory cycle in which the data had moved.
  private var completions = DRAMCompletions()
  private(set) var caches: CacheChain
  /// Lines on their way from the caches to main memory, oldest first: their accesses, and for which layer.
  private var writeBacks: [(access: Int, layer: Int)] = []
  /// The most of ``writeBacks`` with which a new miss may begin.
  private let writeBackRoom: Int
  private(set) var traffic: [Traffic] = []
  private(set) var answers: [Answer] = []
  private let memory: UnsafeMutablePointer<MemorySystem>
  private let crossbar: UnsafeMutablePointer<Crossbar>?
  private let core: Int

  /// The port of a core that has the memory to itself, behind caches that hold what they hold.
  init(_ memory: UnsafeMutablePointer<MemorySystem>, caches levels: [CacheLevel]) {
    self.memory = memory
    crossbar = nil
    core = 0
    caches = CacheChain(levels)
    writeBackRoom = levels.last?.cache.allMisses ?? 0
    accessBytes = memory.pointee.accessBytes
  }

  /// The port of a core that shares the memory through a crossbar.
  init(_ memory: UnsafeMutablePointer<MemorySystem>, crossbar: UnsafeMutablePointer<Crossbar>, core: Int) {
    self.memory = memory
    self.crossbar = crossbar
    self.core = core
    caches = CacheChain([])
    writeBackRoom = 0
    accessBytes = memory.pointee.accessBytes
  }

  var prices: MemoryPrices { memory.pointee.prices }

  /// Whether the memory takes access number `access` in core cycle `cycle`.
  func accepts(_ access: Int, at cycle: Int) -> Bool {
    guard !caches.isEmpty else {
      let channel = memory.pointee.channel(of: access)
      guard let crossbar else { return memory.pointee.hasRoom(channel) }
      return crossbar.pointee.hasRoom(core: core, channel: channel)
    }
    let line = access * accessBytes / caches.lineBytes
    switch caches.reach(of: line, at: cycle) {
    case .held: return true
    case .blocked: return false
    case .memory:
      let count = caches.lineBytes / accessBytes
      return writeBacks.count < writeBackRoom
        && (0..<count).allSatisfy {
          memory.pointee.hasRoom(memory.pointee.channel(of: line * count + $0), for: count)
        }
    }
  }

  /// Hands an access to the memory in core cycle `cycle`; ``advance(to:)`` has been called for that cycle.
  mutating func request(_ access: Int, isWrite: Bool, tag: Int32, layer: Int, at cycle: Int) {
    guard !caches.isEmpty else {
      send(access, isWrite: isWrite, tag: tag, at: cycle)
      return
    }
    let line = access * accessBytes / caches.lineBytes
    let count = caches.lineBytes / accessBytes
    let errands = caches.request(line, isWrite: isWrite, tag: tag, layer: layer, at: cycle)
    if let fetch = errands.fetch {
      caches.expect(count, for: fetch.place)
      for part in 0..<count {
        send(fetch.line * count + part, isWrite: false, tag: Int32(fetch.place), at: cycle)
      }
    }
    for line in errands.writes {
      for part in 0..<count { writeBacks.append((line * count + part, layer)) }
    }
    for answer in caches.answers { answers.append(Answer(tag: answer.tag, cycle: answer.cycle)) }
    caches.removeAnswers()
  }

  private mutating func send(_ access: Int, isWrite: Bool, tag: Int32, at cycle: Int) {
    guard let crossbar else {
      memory.pointee.request(access, isWrite: isWrite, tag: tag, at: cycle, into: &completions)
      return
    }
    crossbar.pointee.enqueue(
      Crossbar.Request(access: access, isWrite: isWrite, tag: tag, since: cycle), core: core,
      channel: memory.pointee.channel(of: access))
  }

  /// Brings the memory to core cycle `cycle`.
  mutating func advance(to cycle: Int) {
    guard let crossbar else {
      advanceMemory(to: cycle)
      collect()
      while let oldest = writeBacks.first, memory.pointee.hasRoom(memory.pointee.channel(of: oldest.access)) {
        writeBacks.removeFirst()
        send(oldest.access, isWrite: true, tag: -1 - Int32(oldest.layer), at: cycle)
      }
      return
    }
    crossbar.pointee.deliver(to: core, into: &completions)
    collect()
  }

  /// Brings the memory of a core alone to core cycle `cycle`, without a look at what it has done.
  mutating func advanceMemory(to cycle: Int) {
    memory.pointee.advance(to: cycle, into: &completions)
  }

  /// Turns completions of main memory into answers to the DMA.
  private mutating func collect() {
    guard !completions.isEmpty else { return }
    for index in 0..<completions.count {
      let done = completions[index]
      let end = memory.pointee.coreCycle(of: done.cycle)
      var work = Traffic(isWrite: false, activates: Int(done.activates), cycle: end, origin: .tag(done.tag))
      if caches.isEmpty {
        work.isWrite = done.tag & 1 != 0
        answers.append(Answer(tag: done.tag, cycle: end))
      } else if done.tag < 0 {
        work.isWrite = true
        work.origin = .layer(-1 - Int(done.tag))
      } else {
        work.origin = .layer(caches.layer(of: Int(done.tag)))
        caches.filled(Int(done.tag), at: end)
      }
      traffic.append(work)
    }
    completions.removeAll()
    for answer in caches.answers { answers.append(Answer(tag: answer.tag, cycle: answer.cycle)) }
    caches.removeAnswers()
  }

  /// Empties ``answers`` and ``traffic``.
  mutating func removeAnswers() {
    answers.removeAll(keepingCapacity: true)
    traffic.removeAll(keepingCapacity: true)
  }

  /// The next core cycle after `now` at which the memory must be looked at: when an answer may appear or, for somebody
  /// who is waiting for a place in a queue, when one, or a place for a line, may become free.
  @inline(__always)
  func nextEvent(after now: Int, isBlocked: Bool) -> Int {
    if !completions.isEmpty || !answers.isEmpty { return 0 }
    if let crossbar {
      return crossbar.pointee.nextEvent(of: core, isBlocked: isBlocked, memory: &memory.pointee)
    }
    var isBlocked = isBlocked
    if let oldest = writeBacks.first {
      if memory.pointee.hasRoom(memory.pointee.channel(of: oldest.access)) { return 0 }
      isBlocked = true
    }
    var next = isBlocked && !caches.isEmpty ? caches.nextFree(after: now) : Int.max
    for index in 0..<memory.pointee.channelCount {
      next = min(
        next, isBlocked ? memory.pointee.nextRoom(index) : memory.pointee.nextCompletion(index))
    }
    return next
  }

  /// Contention before `cycle` will not be asked for any more.
  mutating func forgetContention(before cycle: Int) {
    crossbar?.pointee.forgetContention(of: core, before: cycle)
  }

  /// The cycles of a stretch in which another core was served while this one had an access waiting.
  mutating func contendedCycles(in stretch: Range<Int>) -> Int {
    crossbar?.pointee.logs[core].cycles(in: stretch) ?? 0
  }
}
