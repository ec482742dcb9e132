import Hardware
import Measures

/// Caches before a main memory, looked at in every core cycle: the slow twin of the simulator's chain of caches.
///
/// Every line is an object in a list of its set, and every request walks down the levels and is told when they answer.
final class SteppedCaches: SteppedMemory {
  private final class Line {
    let number: Int
    var isMarked: Bool
    init(_ number: Int, isMarked: Bool) {
      self.number = number
      self.isMarked = isMarked
    }
  }

  /// A line that a level has asked for.
  private final class Miss {
    let line: Int
    /// The cycle in which the line is there, once that is known.
    var here: Int?
    var partsLeft = 0
    var latest = 0
    /// Who wants to know the cycle.
    var whenKnown: [(Int) -> Void] = []
    init(_ line: Int) { self.line = line }

    func become(known cycle: Int) {
      here = cycle
      whenKnown.forEach { $0(cycle) }
      whenKnown = []
    }
  }

  private final class Level {
    let cache: Cache
    /// Ways of each set; for the least recent, oldest first.
    var sets: [[Line?]]
    var register: [Bool] = (0..<16).map { 0xACE1 >> $0 & 1 == 1 }
    var misses: [Miss] = []
    /// When the last marked line had gone.
    var lastGone = 0
    /// Lines are taken up one by one: the end of the last one's turn.
    private var lastTurn = 0

    /// The cycle in which a line that comes in `cycle` is taken up.
    func takeUp(from cycle: Int) -> Int {
      guard cache.turnCycles > 0 else { return max(cycle, lastTurn) }
      let begin = lastTurn > cycle ? lastTurn : cycle
      lastTurn = begin + cache.turnCycles
      return begin
    }

    init(_ cache: Cache) {
      self.cache = cache
      sets = (0..<cache.sets).map { set in
        (0..<cache.ways).map { way in
          guard cache.contents == .others else { return nil }
          return Line(cache.firstForeignLine + way * cache.sets + set, isMarked: true)
        }
      }
    }

    func find(_ number: Int) -> Line? {
      sets[number % sets.count].compactMap { $0 }.first { $0.number == number }
    }

    func use(_ line: Line) {
      guard cache.replacement == .leastRecent else { return }
      let set = line.number % sets.count
      sets[set].removeAll { $0 === line }
      sets[set].append(line)
    }

    /// Puts a line in, and returns the one that goes.
    func put(_ line: Line) -> Line? {
      let set = line.number % sets.count
      switch cache.replacement {
      case .leastRecent:
        let leaving = sets[set].removeFirst()
        sets[set].append(line)
        return leaving
      case .random:
        let fed = [register[0], register[2], register[3], register[5]].filter { $0 }.count % 2 == 1
        register = Array(register.dropFirst()) + [fed]
        let value = register.enumerated().reduce(0) { $0 + ($1.element ? 1 << $1.offset : 0) }
        let leaving = sets[set][value % cache.ways]
        sets[set][value % cache.ways] = line
        return leaving
      }
    }
  }

  let accessBytes: Int
  private let memory: any SteppedMemory
  private let levels: [Level]
  private let parts: Int
  private var cycle = 0
  private var finished: [(access: Int, end: Int)] = []
  /// Accesses of main memory by number: what to do with their end; nil for a line written back.
  private var fetches: [((Int) -> Void)?] = []
  private var writeBacks: [Int] = []

  init(_ caches: [Cache], before memory: any SteppedMemory) {
    self.memory = memory
    accessBytes = memory.accessBytes
    levels = caches.map(Level.init)
    parts = caches[0].lineBytes / memory.accessBytes
  }

  func step(_ cycle: Int) -> [(access: Int, end: Int)] {
    self.cycle = cycle
    for done in memory.step(cycle) { fetches[done.access]?(done.end) }
    for level in levels { level.misses.removeAll { $0.here.map { $0 <= cycle } ?? false } }
    while let access = writeBacks.first, memory.hasRoom(for: access) {
      writeBacks.removeFirst()
      fetches.append(nil)
      memory.request(access, number: fetches.count - 1, isWrite: true, in: cycle)
    }
    defer { finished = [] }
    return finished
  }

  func hasRoom(for index: Int) -> Bool {
    let line = index / parts
    for level in levels {
      if level.find(line) != nil { return true }
      let inBank = level.misses.filter { ($0.line - line) % level.cache.banks == 0 }
      if inBank.count(where: { ($0.here ?? Int.max) > cycle }) == level.cache.misses { return false }
    }
    guard let last = levels.last, writeBacks.count < last.cache.misses * last.cache.banks else {
      return false
    }
    return memory.hasRoom(for: line * parts, accesses: parts)
  }

  func hasRoom(for index: Int, accesses: Int) -> Bool {
    (index..<(index + accesses)).allSatisfy { hasRoom(for: $0) }
  }

  var channelCount: Int { memory.channelCount }
  func channel(of index: Int) -> Int { memory.channel(of: index) }
  func isOpen(_ channel: Int) -> Bool { memory.isOpen(channel) }
  /// No crossbar feeds caches, so nobody asks.
  func crossing(of access: Int) -> Range<Int> { 0..<0 }

  func request(_ index: Int, number: Int, isWrite: Bool, in cycle: Int) {
    ask(0, for: index / parts, isWrite: isWrite, from: cycle) { [self] in finished.append((number, $0)) }
  }

  /// Asks a level for a line, and tells when it can deliver it.
  private func ask(
    _ index: Int, for number: Int, isWrite: Bool, from start: Int, reply: @escaping (Int) -> Void
  ) {
    guard index < levels.count else { return }
    let level = levels[index]
    let latency = level.cache.latencyCycles
    let begin = level.takeUp(from: start)
    if let line = level.find(number) {
      level.use(line)
      if isWrite { line.isMarked = true }
      let underWay = level.misses.last { $0.line == number && ($0.here ?? Int.max) > cycle }
      guard let underWay else { return reply(begin + latency) }
      if let here = underWay.here { return reply(max(here, begin) + latency) }
      underWay.whenKnown.append { reply(max($0, begin) + latency) }
      return
    }
    let leaving = level.put(Line(number, isMarked: isWrite))
    defer { write(leaving, to: index + 1, from: begin) }
    let miss = Miss(number)
    level.misses.append(miss)
    miss.whenKnown.append { reply(max($0, begin) + latency) }
    var way = level.cache.wayBelowCycles
    if leaving?.isMarked == true {
      if level.lastGone < cycle { level.lastGone = cycle }
      level.lastGone += level.cache.writeBackCycles
      way += level.lastGone - cycle
    }
    if index + 1 < levels.count {
      ask(index + 1, for: number, isWrite: false, from: begin) { miss.become(known: $0 + way) }
      return
    }
    miss.partsLeft = parts
    for part in 0..<parts {
      fetches.append { end in
        miss.partsLeft -= 1
        miss.latest = max(miss.latest, end)
        if miss.partsLeft == 0 { miss.become(known: miss.latest + way) }
      }
      memory.request(number * parts + part, number: fetches.count - 1, isWrite: false, in: cycle)
    }
  }

  /// Writes a line that goes, if it is marked, to a level or to main memory.
  private func write(_ line: Line?, to index: Int, from start: Int) {
    guard let line, line.isMarked else { return }
    guard index < levels.count else {
      writeBacks += (0..<parts).map { line.number * parts + $0 }
      return
    }
    let begin = levels[index].takeUp(from: start)
    if let held = levels[index].find(line.number) {
      levels[index].use(held)
      held.isMarked = true
    } else {
      write(levels[index].put(Line(line.number, isMarked: true)), to: index + 1, from: begin)
    }
  }
}
