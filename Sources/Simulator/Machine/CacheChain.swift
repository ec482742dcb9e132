import Hardware

/// The caches between DMA and main memory with the misses under way.
///
/// What the caches hold is known at once; when main memory has to answer, ``filled(_:at:)`` brings the time. A miss keeps
/// its place from the request until its line has come. Times are core cycles.
struct CacheChain {
  /// Somebody who waits for a line.
  private enum Waiter {
    /// An access of the DMA, which the level took up in cycle `since`.
    case access(tag: Int32, since: Int)
    /// A miss of the level above.
    case miss(level: Int, place: Int, since: Int)
  }

  /// A line on its way.
  private struct Miss {
    var line = -1
    /// Misses count up: a line that was driven out on its way can be on its way twice.
    var number = 0
    /// When the line is, or was, there; `Int.max` while main memory has not answered.
    var arrival = 0
    /// Accesses of main memory that are still to complete, and the latest end of those that have.
    var accessesLeft = 0
    var latest = 0
    var layer = 0
    /// Cycles that the line takes from the level below, beyond that level's own time.
    var way = 0
    var waiters: [Waiter] = []
  }

  /// What ``request(_:isWrite:tag:layer:at:)`` leaves for main memory to do.
  struct Errands {
    /// The miss of the last level that wants its line, and the line.
    var fetch: (place: Int, line: Int)?
    /// Lines to be written.
    var writes: [Int] = []
  }

  private(set) var levels: [CacheLevel]
  private var misses: [[Miss]]
  /// The cycle from which the next marked line of each level may go.
  private var freeWays: [Int]
  /// The cycle from which each level can take up the next line.
  private var freeTurns: [Int]
  private var number = 0
  /// Accesses of the DMA that have been answered, and when.
  private(set) var answers: [(tag: Int32, cycle: Int)] = []
  private(set) var counts: [CacheCounts]

  init(_ levels: [CacheLevel]) {
    self.levels = levels
    misses = levels.map { Array(repeating: Miss(), count: $0.cache.allMisses) }
    freeWays = levels.map { _ in 0 }
    freeTurns = levels.map { _ in 0 }
    counts = levels.map { _ in CacheCounts() }
  }

  var isEmpty: Bool { levels.isEmpty }
  var lineBytes: Int { levels[0].cache.lineBytes }

  mutating func removeAnswers() { answers.removeAll(keepingCapacity: true) }

  /// How far a request for a line would come.
  enum Reach {
    case held, memory
    /// All places for misses of a bank are taken.
    case blocked
  }

  func reach(of line: Int, at now: Int) -> Reach {
    for (index, level) in levels.enumerated() {
      if level.contains(line) { return .held }
      if freePlace(for: line, in: index, at: now) == nil { return .blocked }
    }
    return .memory
  }

  /// The earliest later cycle in which a place for a miss becomes free, as far as that is known.
  func nextFree(after now: Int) -> Int {
    var next = Int.max
    for level in misses {
      for miss in level where miss.arrival > now { next = min(next, miss.arrival) }
    }
    return next
  }

  /// Takes an access of the DMA; ``reach(of:at:)`` is not `blocked`.
  mutating func request(_ line: Int, isWrite: Bool, tag: Int32, layer: Int, at now: Int) -> Errands {
    var errands = Errands()
    let answer = look(
      for: line, in: 0, isWrite: isWrite, waiter: { .access(tag: tag, since: $0) }, layer: layer, at: now,
      from: now, &errands)
    if let answer { answers.append((tag, answer)) }
    return errands
  }

  /// Takes a turn of a level for a request that comes in cycle `start`; the cycle in which the level takes it up.
  private mutating func turn(of index: Int, from start: Int) -> Int {
    let begin = max(start, freeTurns[index])
    if levels[index].cache.turnCycles > 0 { freeTurns[index] = begin + levels[index].cache.turnCycles }
    return begin
  }

  /// When level `index` can deliver a line for which a request comes in cycle `start`.
  ///
  /// What the levels hold is that of cycle `now`. Nil when main memory has to answer first.
  private mutating func look(
    for line: Int, in index: Int, isWrite: Bool, waiter: (Int) -> Waiter, layer: Int, at now: Int,
    from start: Int, _ errands: inout Errands
  ) -> Int? {
    let latency = levels[index].cache.latencyCycles
    let begin = turn(of: index, from: start)
    if levels[index].use(line, isWrite: isWrite) {
      counts[index].hits += 1
      guard let place = youngestMiss(of: line, in: index, at: now) else { return begin + latency }
      if misses[index][place].arrival < Int.max { return max(begin, misses[index][place].arrival) + latency }
      misses[index][place].waiters.append(waiter(begin))
      return nil
    }
    counts[index].misses += 1
    let leaving = levels[index].insert(line, isWrite: isWrite)
    guard let place = freePlace(for: line, in: index, at: now) else { return nil }
    number += 1
    var way = levels[index].cache.wayBelowCycles
    if leaving != nil {
      freeWays[index] = max(now, freeWays[index]) + levels[index].cache.writeBackCycles
      way += freeWays[index] - now
    }
    misses[index][place] = Miss(line: line, number: number, arrival: Int.max, layer: layer, way: way)
    var arrival: Int?
    if index + 1 < levels.count {
      arrival = look(
        for: line, in: index + 1, isWrite: false,
        waiter: { .miss(level: index, place: place, since: $0) }, layer: layer, at: now, from: begin, &errands
      )
    } else {
      errands.fetch = (place, line)
    }
    // Only now: the line that goes may drive the wanted one out of the level below.
    if let leaving {
      counts[index].writeBacks += 1
      write(leaving, below: index, from: begin, &errands)
    }
    guard let arrival else {
      misses[index][place].waiters.append(waiter(begin))
      return nil
    }
    misses[index][place].arrival = arrival + way
    return misses[index][place].arrival + latency
  }

  /// A place for a miss in the bank of a line, if one is free.
  private func freePlace(for line: Int, in index: Int, at now: Int) -> Int? {
    let cache = levels[index].cache
    let first = line % cache.banks * cache.misses
    return misses[index][first..<(first + cache.misses)].firstIndex { $0.arrival <= now }
  }

  private func youngestMiss(of line: Int, in index: Int, at now: Int) -> Int? {
    var youngest: Int?
    for (place, miss) in misses[index].enumerated() where miss.line == line && miss.arrival > now {
      if youngest.map({ misses[index][$0].number < miss.number }) ?? true { youngest = place }
    }
    return youngest
  }

  /// Hands a marked line that goes in cycle `start` to the level below, which needs nothing from further below for it.
  private mutating func write(_ line: Int, below index: Int, from start: Int, _ errands: inout Errands) {
    guard index + 1 < levels.count else {
      errands.writes.append(line)
      return
    }
    let begin = turn(of: index + 1, from: start)
    if levels[index + 1].use(line, isWrite: true) { return }
    if let leaving = levels[index + 1].insert(line, isWrite: true) {
      counts[index + 1].writeBacks += 1
      write(leaving, below: index + 1, from: begin, &errands)
    }
  }

  /// Notes how many accesses of main memory the line of a miss takes.
  mutating func expect(_ accesses: Int, for place: Int) {
    misses[misses.count - 1][place].accessesLeft = accesses
  }

  /// The layer for which a miss of the last level was made.
  func layer(of place: Int) -> Int { misses[misses.count - 1][place].layer }

  /// Notes that an access of main memory for a miss of the last level ends in `cycle`.
  mutating func filled(_ place: Int, at cycle: Int) {
    let last = misses.count - 1
    misses[last][place].accessesLeft -= 1
    misses[last][place].latest = max(misses[last][place].latest, cycle)
    if misses[last][place].accessesLeft == 0 { arrived(last, place, at: misses[last][place].latest) }
  }

  /// Notes that the level below delivers the line of a miss in `cycle`.
  private mutating func arrived(_ level: Int, _ place: Int, at cycle: Int) {
    let here = cycle + misses[level][place].way
    misses[level][place].arrival = here
    let latency = levels[level].cache.latencyCycles
    for waiter in misses[level][place].waiters {
      switch waiter {
      case .access(let tag, let since): answers.append((tag, max(here, since) + latency))
      case .miss(let level, let place, let since): arrived(level, place, at: max(here, since) + latency)
      }
    }
    misses[level][place].waiters.removeAll(keepingCapacity: true)
  }
}
