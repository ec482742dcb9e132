import Hardware
import Measures

/// A prediction that knows little or nothing of the machine: what a simulator must beat to be worth running.
package enum Baseline: String, Hashable, Sendable, CaseIterable {
  /// A line through the multiply-accumulates: two numbers fitted.
  case macs = "MACs only"
  /// Dense and depthwise MACs, parameters, activations and a constant, none negative: five numbers fitted.
  case operationCounts = "operation counts"
  /// The larger of compute and traffic of each product at the machine's peaks; nothing is fitted.
  case roofline

  /// The predictions of all rows by a fit to some of them; nil where the baseline says nothing of the quantity.
  ///
  /// - Parameters:
  ///   - features: Of each row's network.
  ///   - measured: The value of each row; rows without one are left out of the fit.
  func predictions(
    _ features: [NetworkFeatures], measured: [Double?], fitted: [Int], quantity: MeasuredQuantity,
    on model: HardwareModel
  ) -> [Double]? {
    switch self {
    case .macs:
      guard quantity != .power else { return nil }
      return fit(features.map { [1, $0.denseMACs + $0.depthwiseMACs] }, measured, fitted)
    case .operationCounts:
      guard quantity != .power else { return nil }
      return fit(
        features.map { [1, $0.denseMACs, $0.depthwiseMACs, $0.parameters, $0.activations] }, measured, fitted)
    case .roofline:
      guard quantity.isTime else { return nil }
      let clock = model.clock.value
      let bytes = Double(model.array.formats.first?.name.bits ?? 8) / 8
      return features.map { row in
        let seconds = row.products.reduce(0.0) { sum, product in
          let compute = product.macs / (Double(model.array.macsPerCycle) * clock)
          return sum + max(compute, product.elements * bytes / model.memory.peakBandwidth.value)
        }
        return quantity == .cycles ? seconds * clock : seconds
      }
    }
  }

  /// Non-negative weights that make the relative errors least.
  private func fit(_ terms: [[Double]], _ measured: [Double?], _ fitted: [Int]) -> [Double]? {
    let rows = fitted.filter { measured[$0] != nil }
    guard !rows.isEmpty, let count = terms.first?.count else { return nil }
    // Columns are scaled to one size: their numbers differ by ten orders of magnitude.
    let scales = (0..<count).map { column in
      max(1e-300, rows.map { terms[$0][column] / (measured[$0] ?? 1) }.mean)
    }
    let matrix = Matrix(
      columns: (0..<count).map { column in
        rows.map { terms[$0][column] / scales[column] / (measured[$0] ?? 1) }
      }, rows: rows.count)
    let solution = BoundedLeastSquares(
      matrix: matrix, target: rows.map { _ in 1 }, lower: scales.map { _ in 0 },
      upper: scales.map { _ in .infinity }
    ).solution(from: scales.map { _ in 1 / Double(count) })
    return terms.map { row in
      zip(row, zip(solution, scales)).reduce(0) { $0 + $1.0 * $1.1.0 / $1.1.1 }
    }
  }
}
