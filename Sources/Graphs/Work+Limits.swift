extension Work {
  /// The most multiply-accumulate operations of one node: 2⁵³.
  package static let maximumMACs = 1 << 53
}

extension Primitive {
  /// Checks that the product of loop extents stays within ``Work/maximumMACs``.
  package func requireCountable(loops: [Int]) throws(ShapeError) {
    var product = 1
    for extent in loops {
      let (next, overflows) = product.multipliedReportingOverflow(by: extent)
      guard !overflows, next <= Work.maximumMACs else {
        throw shapeError(
          found: "loops of \(loops.map(String.init).joined(separator: " × "))",
          expected: "at most 2^53 multiply-accumulate operations")
      }
      product = next
    }
  }
}
