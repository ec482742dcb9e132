extension Pairs {
  /// Kendall's τ-b: pairs in the same order less pairs in opposite order, ties accounted for; not-a-number where a
  /// series does not vary.
  ///
  /// Knight's method: the exchanges that a merge sort by the second series makes are the discordant pairs (Knight,
  /// JASA 61(314), 1966, doi:10.1080/01621459.1966.10480879).
  /// - Complexity: O(n log n).
  package var kendallTau: Double {
    let order = predicted.indices.sorted {
      (predicted[$0], measured[$0]) < (predicted[$1], measured[$1])
    }
    let first = order.map { predicted[$0] }
    var second = order.map { measured[$0] }
    let all = pairCount(order.count)
    let firstTies = tiedPairs(order.count) { first[$0] == first[$1] }
    let bothTies = tiedPairs(order.count) { first[$0] == first[$1] && second[$0] == second[$1] }
    var buffer = second
    let discordant = exchanges(&second, &buffer, 0..<second.count)
    let secondTies = tiedPairs(order.count) { second[$0] == second[$1] }
    let numerator = all - firstTies - secondTies + bothTies - 2 * discordant
    let denominator = Double(all - firstTies).squareRoot() * Double(all - secondTies).squareRoot()
    return denominator == 0 ? .nan : Double(numerator) / denominator
  }
}

private func pairCount(_ count: Int) -> Int { count * (count - 1) / 2 }

/// Pairs of equal elements, where equal ones are neighbours.
private func tiedPairs(_ count: Int, _ areEqual: (Int, Int) -> Bool) -> Int {
  var (pairs, run) = (0, 1)
  for index in 0..<count {
    if index + 1 < count, areEqual(index, index + 1) {
      run += 1
    } else {
      pairs += pairCount(run)
      run = 1
    }
  }
  return pairs
}

/// Sorts a range of `values` by merging; how many pairs stood in the wrong order.
private func exchanges(_ values: inout [Double], _ buffer: inout [Double], _ range: Range<Int>) -> Int {
  guard range.count > 1 else { return 0 }
  let middle = range.lowerBound + range.count / 2
  var count =
    exchanges(&values, &buffer, range.lowerBound..<middle)
    + exchanges(&values, &buffer, middle..<range.upperBound)
  var (left, right) = (range.lowerBound, middle)
  for place in range {
    if right == range.upperBound || (left < middle && values[left] <= values[right]) {
      buffer[place] = values[left]
      left += 1
    } else {
      buffer[place] = values[right]
      right += 1
      count += middle - left
    }
  }
  for place in range { values[place] = buffer[place] }
  return count
}
