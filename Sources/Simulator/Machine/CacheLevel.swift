import Hardware

/// The lines that a cache holds, and which one goes when another comes.
struct CacheLevel: Sendable {
  let cache: Cache
  private let sets: Int
  /// Line numbers (addresses / bytes of a line), set by set; -1 in an empty way.
  private var lines: [Int]
  private var isMarked: [Bool]
  /// When each line was last used, counted in uses.
  private var lastUse: [Int]
  private var uses = 0
  /// Fibonacci shift register with taps 16, 14, 13, 11.
  private var register: UInt16 = 0xACE1

  init(_ cache: Cache) {
    self.cache = cache
    sets = cache.sets
    lines = Array(repeating: -1, count: sets * cache.ways)
    isMarked = Array(repeating: false, count: lines.count)
    lastUse = Array(repeating: 0, count: lines.count)
    guard cache.contents == .others else { return }
    for set in 0..<sets {
      for way in 0..<cache.ways {
        lines[set * cache.ways + way] = cache.firstForeignLine + way * sets + set
        isMarked[set * cache.ways + way] = true
      }
    }
  }

  func contains(_ line: Int) -> Bool { way(of: line) != nil }

  /// Uses a line; whether it is there.
  mutating func use(_ line: Int, isWrite: Bool) -> Bool {
    guard let way = way(of: line) else { return false }
    note(way, isWrite: isWrite)
    return true
  }

  /// Lets a line in; returns the marked line that goes for it.
  mutating func insert(_ line: Int, isWrite: Bool) -> Int? {
    let way = leavingWay(in: line % sets * cache.ways)
    let leaving = isMarked[way] ? lines[way] : nil
    lines[way] = line
    isMarked[way] = false
    note(way, isWrite: isWrite)
    return leaving
  }

  private mutating func note(_ way: Int, isWrite: Bool) {
    uses += 1
    lastUse[way] = uses
    if isWrite { isMarked[way] = true }
  }

  private func way(of line: Int) -> Int? {
    let first = line % sets * cache.ways
    for way in first..<(first + cache.ways) where lines[way] == line { return way }
    return nil
  }

  private mutating func leavingWay(in first: Int) -> Int {
    switch cache.replacement {
    case .random:
      let bit = (register ^ (register >> 2) ^ (register >> 3) ^ (register >> 5)) & 1
      register = register >> 1 | bit << 15
      return first + Int(register) % cache.ways
    case .leastRecent:
      var oldest = first
      for way in first..<(first + cache.ways) where lastUse[way] < lastUse[oldest] { oldest = way }
      return oldest
    }
  }
}
