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

  /// Places the largest buffers first, each into the lowest gap among those that live at the same time.
  ///
  /// Within a few per cent of the lower bound on training graphs. Quadratic in the number of buffers.
  /// Source: "greedy by size" of Pisarchyk and Lee 2020, arXiv:2001.03288.
  init(sizes: [Int], lifetimes: [Lifetime?]) {
    self.sizes = sizes
    offsets = sizes.map { _ in 0 }
    let order = sizes.indices.filter { lifetimes[$0] != nil }.sorted { (sizes[$1], $0) < (sizes[$0], $1) }
    var placed: [(offset: Int, end: Int, lifetime: Lifetime)] = []
    for buffer in order {
      guard let lifetime = lifetimes[buffer] else { continue }
      let size = (sizes[buffer] + Self.alignment - 1) / Self.alignment * Self.alignment
      var start = 0
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
