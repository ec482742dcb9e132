/// Sorting by domination, and how alone a score stands on its front.
///
/// Source: Deb et al. 2002, doi:10.1109/4235.996017, sections III.A and III.B.
enum DominationRanks {
  /// The numbers of the scores, front by front: those that none dominates, those that only the first dominate, and so on.
  ///
  /// - Complexity: O(losses × scores²).
  static func fronts(of scores: [Score]) -> [[Int]] {
    var dominators = Array(repeating: 0, count: scores.count)
    var dominated: [[Int]] = Array(repeating: [], count: scores.count)
    for left in scores.indices {
      for right in scores.indices where scores[left].dominates(scores[right]) {
        dominated[left].append(right)
        dominators[right] += 1
      }
    }
    var fronts: [[Int]] = []
    var front = scores.indices.filter { dominators[$0] == 0 }
    while !front.isEmpty {
      fronts.append(front)
      var next: [Int] = []
      for member in front {
        for other in dominated[member] {
          dominators[other] -= 1
          if dominators[other] == 0 { next.append(other) }
        }
      }
      front = next.sorted()
    }
    return fronts
  }

  /// For each point of a front, the size of the box between its neighbours, each loss relative to the front's range.
  ///
  /// Points at the ends of a loss are infinitely alone.
  static func crowding(of points: [[Double]]) -> [Double] {
    var result = Array(repeating: 0.0, count: points.count)
    guard let first = points.first else { return result }
    for loss in first.indices {
      let order = points.indices.sorted { (points[$0][loss], $0) < (points[$1][loss], $1) }
      let range = points[order[order.count - 1]][loss] - points[order[0]][loss]
      result[order[0]] = .infinity
      result[order[order.count - 1]] = .infinity
      guard range > 0, order.count > 2 else { continue }
      for position in 1..<(order.count - 1) {
        let gap = points[order[position + 1]][loss] - points[order[position - 1]][loss]
        result[order[position]] += gap / range
      }
    }
    return result
  }
}
