extension Pairs {
  /// Pearson's r; not-a-number where a series does not vary.
  package var pearson: Double { correlation(predicted, measured) }

  /// Spearman's ρ: Pearson's r of the ranks, ties at the mean of their places; not-a-number where a series does not vary.
  ///
  /// - Complexity: O(n log n).
  package var spearman: Double { correlation(predicted.ranks, measured.ranks) }

  /// The coefficient of determination 1 − Σ(measured − predicted)² / Σ(measured − mean)²; below 0 where the mean would
  /// predict better, not-a-number where the measurements do not vary.
  package var rSquared: Double {
    let mean = measured.mean
    let residual = zip(predicted, measured).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let total = measured.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return total == 0 ? .nan : 1 - residual / total
  }
}

/// Pearson's r of two series.
private func correlation(_ first: [Double], _ second: [Double]) -> Double {
  let (firstMean, secondMean) = (first.mean, second.mean)
  var (product, firstSquare, secondSquare) = (0.0, 0.0, 0.0)
  for (x, y) in zip(first, second) {
    product += (x - firstMean) * (y - secondMean)
    firstSquare += (x - firstMean) * (x - firstMean)
    secondSquare += (y - secondMean) * (y - secondMean)
  }
  guard firstSquare > 0, secondSquare > 0 else { return .nan }
  return min(1, max(-1, product / (firstSquare.squareRoot() * secondSquare.squareRoot())))
}
