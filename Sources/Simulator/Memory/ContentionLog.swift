/// The cycles in which a core was kept waiting because another one was served, as disjoint spans in order of time.
struct ContentionLog {
  private var spans: [Range<Int>] = []
  /// Spans before this one are of no interest any more.
  private var first = 0
  /// The cycles of all spans, those forgotten included.
  private(set) var total = 0

  /// Adds a span, which may touch or overlap those there are; most come in order of time.
  mutating func add(_ span: Range<Int>) {
    guard !span.isEmpty else { return }
    var lower = span.lowerBound
    var upper = span.upperBound
    var position = spans.count
    while position > first, spans[position - 1].upperBound >= lower {
      if spans[position - 1].lowerBound > upper {
        position -= 1
        continue
      }
      lower = min(lower, spans[position - 1].lowerBound)
      upper = max(upper, spans[position - 1].upperBound)
      total -= spans[position - 1].count
      spans.remove(at: position - 1)
      position -= 1
    }
    spans.insert(lower..<upper, at: position)
    total += upper - lower
  }

  /// The contended cycles of a stretch.
  ///
  /// - Complexity: O(spans not yet forgotten).
  func cycles(in stretch: Range<Int>) -> Int {
    var sum = 0
    for span in spans[first...] {
      if span.lowerBound >= stretch.upperBound { break }
      sum += span.clamped(to: stretch).count
    }
    return sum
  }

  /// Forgets what ended before `cycle`.
  mutating func forget(before cycle: Int) {
    while first < spans.count, spans[first].upperBound <= cycle { first += 1 }
    if first > 1024, first * 2 > spans.count {
      spans.removeFirst(first)
      first = 0
    }
  }
}
