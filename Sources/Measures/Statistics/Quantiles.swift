extension Array where Element == Double {
  /// The arithmetic mean; not-a-number for no values.
  package var mean: Double { reduce(0, +) / Double(count) }

  /// The value that half of the others do not exceed; not-a-number for no values.
  package var median: Double { quantile(0.5) }

  /// The value below which a share `fraction` of the values lies, linear between neighbours (type 7 of Hyndman and
  /// Fan, The American Statistician 50(4), 1996, doi:10.2307/2684934); not-a-number for no values.
  ///
  /// - Complexity: O(n log n).
  package func quantile(_ fraction: Double) -> Double {
    guard !isEmpty else { return .nan }
    let ordered = sorted()
    let position = Swift.min(Swift.max(fraction, 0), 1) * Double(count - 1)
    let lower = Int(position.rounded(.down))
    guard lower + 1 < count else { return ordered[lower] }
    return ordered[lower] + (position - Double(lower)) * (ordered[lower + 1] - ordered[lower])
  }

  /// The standard deviation of the sample, n − 1 in the denominator; not-a-number for fewer than two values.
  package var standardDeviation: Double {
    let mean = mean
    return (reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)).squareRoot()
  }

  /// The place of each value in ascending order, from 1; equal values share the mean of their places.
  ///
  /// - Complexity: O(n log n).
  package var ranks: [Double] {
    let order = indices.sorted { self[$0] < self[$1] }
    var ranks = Array(repeating: 0.0, count: count)
    var start = 0
    while start < count {
      var end = start + 1
      while end < count, self[order[end]] == self[order[start]] { end += 1 }
      for index in order[start..<end] { ranks[index] = Double(start + end + 1) / 2 }
      start = end
    }
    return ranks
  }
}
