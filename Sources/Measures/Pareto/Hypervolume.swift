/// The volume that points dominate up to a reference point, where less is better in every coordinate.
///
/// Zitzler and Thiele's measure of a front (PPSN 1998, doi:10.1007/BFb0056872), exact, by sweeping the last coordinate
/// and adding slices of one dimension less (Knowles' HSO, in While et al., doi:10.1109/TEVC.2005.851275).
package struct Hypervolume: Hashable, Sendable {
  /// The worst acceptable point.
  package let reference: [Double]

  package init(reference: [Double]) { self.reference = reference }

  /// The dominated volume; points that are not better than the reference everywhere add nothing.
  ///
  /// - Complexity: O(n log n) for two coordinates, and a factor n more for each further one.
  /// - Precondition: every point has as many coordinates as the reference.
  package func of(_ points: [[Double]]) -> Double {
    precondition(points.allSatisfy { $0.count == reference.count }, "points of the reference's dimension")
    let inside = points.filter { point in zip(point, reference).allSatisfy { $0 < $1 } }
    let front = ParetoFront(of: inside)
    return volume(front.members.map { inside[$0] }, dimensions: reference.count)
  }

  /// The volume in the first `dimensions` coordinates of points that lie inside.
  private func volume(_ points: [[Double]], dimensions: Int) -> Double {
    guard !points.isEmpty, dimensions > 0 else { return 0 }
    let last = dimensions - 1
    if dimensions == 1 { return reference[0] - (points.map { $0[0] }.min() ?? reference[0]) }
    if dimensions == 2 { return area(points) }
    let order = points.sorted { $0[last] < $1[last] }
    var total = 0.0
    // What dominates a slice, without what is dominated there.
    var slice: [[Double]] = []
    for (position, point) in order.enumerated() {
      let flat = Array(point[..<last])
      if !slice.contains(where: { $0 == flat || dominates($0, flat) }) {
        slice.removeAll { dominates(flat, $0) }
        slice.append(flat)
      }
      let end = position + 1 < order.count ? order[position + 1][last] : reference[last]
      if end > point[last] { total += volume(slice, dimensions: last) * (end - point[last]) }
    }
    return total
  }

  /// The area under the staircase of points in the first two coordinates.
  private func area(_ points: [[Double]]) -> Double {
    var total = 0.0
    var height = reference[1]
    for point in points.sorted(by: { $0[0] < $1[0] || $0[0] == $1[0] && $0[1] < $1[1] })
    where point[1] < height {
      total += (reference[0] - point[0]) * (height - point[1])
      height = point[1]
    }
    return total
  }
}
