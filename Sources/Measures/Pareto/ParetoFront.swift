/// The points that no other point beats, where less is better in every coordinate.
package struct ParetoFront: Hashable, Sendable {
  /// Indices of the points on the front, ascending; equal points are all on it.
  package let members: [Int]

  /// The front of points of equal dimension; those with a coordinate that is no number are never on it.
  ///
  /// - Complexity: O(n log n) in one and two dimensions, else O(n · members).
  /// - Precondition: all points have the same number of coordinates.
  package init(of points: [[Double]]) {
    precondition(points.allSatisfy { $0.count == points[0].count }, "points of one dimension")
    // In this order nothing is dominated by what comes later.
    let order = points.indices
      .filter { !points[$0].contains(where: \.isNaN) }
      .sorted { points[$0].lexicographicallyPrecedes(points[$1]) }
    var front: [Int] = []
    for candidate in order {
      let isBeaten =
        points[candidate].count <= 2
        ? front.last.map { dominates(points[$0], points[candidate]) } ?? false
        : front.contains { dominates(points[$0], points[candidate]) }
      if !isBeaten { front.append(candidate) }
    }
    members = front.sorted()
  }

  package func contains(_ point: Int) -> Bool { members.contains(point) }
}

/// Whether the left point is nowhere worse (larger) than the right one and somewhere better.
package func dominates(_ left: [Double], _ right: [Double]) -> Bool {
  var isBetter = false
  for (a, b) in zip(left, right) {
    if a > b { return false }
    if a < b { isBetter = true }
  }
  return isBetter
}
