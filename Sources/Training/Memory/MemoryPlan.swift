/// When a buffer holds something, as step numbers; both are included.
struct Lifetime: Hashable, Sendable {
  var first: Int
  var last: Int
}

/// Places in one arena for buffers that live at different times.
struct MemoryPlan: Sendable {
  /// The first word (4 bytes) of each buffer.
  private(set) var offsets: [Int]
  /// The words of each buffer.
  let sizes: [Int]
  /// The size of the arena in words.
  private(set) var wordCount = 0

  /// Buffers start on cache lines.
  private static let alignment = 16
  /// Buffers of at most this many words share places by size class: there are many of them, and they weigh little.
  private static let smallest = 1024

  /// Places buffers that live all the time side by side, then the others: small ones in the order of time, large ones by
  /// size, each into the lowest gap among those that live at the same time.
  ///
  /// Within a few per cent of the lower bound on training graphs. Quadratic in the number of large buffers that do not
  /// live all the time, n log n in that of all others.
  /// Source: "greedy by size" of Pisarchyk and Lee 2020, arXiv:2001.03288.
  ///
  /// Buffers in `places` lie where the one that stands there lies.
  init(sizes: [Int], lifetimes: [Lifetime?], places: [Int: Int] = [:]) {
    self.sizes = sizes
    offsets = sizes.map { _ in 0 }
    let end = lifetimes.reduce(0) { max($0, $1?.last ?? 0) }
    var (large, small): ([(buffer: Int, lifetime: Lifetime)], [(buffer: Int, lifetime: Lifetime)]) = ([], [])
    for (buffer, lifetime) in lifetimes.enumerated() {
      guard let lifetime else { continue }
      if lifetime.first == 0, lifetime.last == end {
        offsets[buffer] = wordCount
        wordCount += Self.aligned(sizes[buffer])
      } else if sizes[buffer] <= Self.smallest {
        small.append((buffer, lifetime))
      } else {
        large.append((buffer, lifetime))
      }
    }
    placeInTime(small)
    placeBySize(large)
    for (buffer, place) in places { offsets[buffer] = offsets[place] }
  }

  private static func aligned(_ size: Int) -> Int { (size + alignment - 1) / alignment * alignment }

  /// Gives each buffer the place of one of the same class of size that has ended, or a new one.
  private mutating func placeInTime(_ buffers: [(buffer: Int, lifetime: Lifetime)]) {
    // Free places of each class.
    var free: [Int: [Int]] = [:]
    var next = 0
    let byEnd = buffers.sorted { ($0.lifetime.last, $0.buffer) < ($1.lifetime.last, $1.buffer) }
    for (buffer, lifetime) in buffers.sorted(by: {
      ($0.lifetime.first, $0.buffer) < ($1.lifetime.first, $1.buffer)
    }) {
      // A buffer that ended before this one starts has started before it too, so it has its place.
      while next < byEnd.count, byEnd[next].lifetime.last < lifetime.first {
        free[Self.sizeClass(sizes[byEnd[next].buffer]), default: []].append(offsets[byEnd[next].buffer])
        next += 1
      }
      let size = Self.sizeClass(sizes[buffer])
      if let place = free[size]?.popLast() {
        offsets[buffer] = place
      } else {
        offsets[buffer] = wordCount
        wordCount += size
      }
    }
  }

  /// The next power of two.
  private static func sizeClass(_ size: Int) -> Int {
    var words = alignment
    while words < size { words *= 2 }
    return words
  }

  private mutating func placeBySize(_ buffers: [(buffer: Int, lifetime: Lifetime)]) {
    let base = wordCount
    var placed: [(offset: Int, end: Int, lifetime: Lifetime)] = []
    for (buffer, lifetime) in buffers.sorted(by: {
      (sizes[$1.buffer], $0.buffer) < (sizes[$0.buffer], $1.buffer)
    }) {
      let size = Self.aligned(sizes[buffer])
      var start = base
      var index = 0
      // `placed` is sorted by offset: the first gap that is wide enough is the lowest.
      for (position, other) in placed.enumerated() {
        guard other.lifetime.first <= lifetime.last, lifetime.first <= other.lifetime.last else { continue }
        if other.offset >= start + size { break }
        start = max(start, other.end)
        index = position + 1
      }
      while index < placed.count, placed[index].offset < start { index += 1 }
      placed.insert((start, start + size, lifetime), at: index)
      offsets[buffer] = start
      wordCount = max(wordCount, start + size)
    }
  }
}
