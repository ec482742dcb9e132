/// The fewest insertions, deletions, replacements and swaps of neighbours that turn `first` into `second`
/// (optimal string alignment).
///
/// - Complexity: O(m · n) time, O(n) memory.
package func editDistance(_ first: String, _ second: String) -> Int {
  let left = Array(first.unicodeScalars)
  let right = Array(second.unicodeScalars)
  var beforePrevious: [Int] = []
  var previous = Array(0...right.count)
  for row in left.indices {
    var current = [row + 1]
    current.reserveCapacity(right.count + 1)
    for column in right.indices {
      let substitution = previous[column] + (left[row] == right[column] ? 0 : 1)
      var best = min(substitution, previous[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
        best = min(best, beforePrevious[column - 1] + 1)
      }
      current.append(best)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[right.count]
}

/// The candidate that `name` was probably meant to be, the first of equals; nil when none is near.
///
/// Near means at most a third of the letters are wrong, or one contains the other; case does not count.
package func nearest(to name: String, among candidates: [String]) -> String? {
  let wanted = name.prefix(64).lowercased()
  guard !wanted.isEmpty else { return nil }
  var best: (candidate: String, distance: Int)?
  for candidate in candidates {
    let lowercase = candidate.lowercased()
    let distance = editDistance(wanted, lowercase)
    let isNear = distance <= max(1, max(wanted.count, lowercase.count) / 3)
    let isPart =
      min(wanted.count, lowercase.count) >= 3 && (lowercase.contains(wanted) || wanted.contains(lowercase))
    guard isNear || isPart else { continue }
    if distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.candidate
}

/// "a, b or c".
package func listed(_ words: [String], joining conjunction: String = "or") -> String {
  words.count < 2
    ? words.first ?? ""
    : "\(words.dropLast().joined(separator: ", ")) \(conjunction) \(words[words.count - 1])"
}
