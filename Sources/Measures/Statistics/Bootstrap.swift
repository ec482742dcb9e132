/// What a statistic would have been on other samples of the same kind: it is computed on resamples with replacement.
///
/// Source: Efron, The Annals of Statistics 7(1), 1979, doi:10.1214/aos/1176344552.
package struct Bootstrap: Hashable, Sendable {
  package var resamples: Int
  package var random: RandomStream

  package init(resamples: Int = 1000, random: RandomStream) {
    self.resamples = resamples
    self.random = random
  }

  /// `count` places each, drawn with replacement from 0 ..< `count`; the same for the same stream.
  package func samples(of count: Int) -> [[Int]] {
    guard count > 0 else { return [] }
    return (0..<resamples).map { number in
      var stream = random.child(UInt64(number))
      return (0..<count).map { _ in stream.below(count) }
    }
  }

  /// The interval that holds the statistic in a share `confidence` of the resamples, by its quantiles; nil where the
  /// statistic is a number on none of them.
  package func interval(
    of count: Int, confidence: Double = 0.95, _ statistic: ([Int]) -> Double
  ) -> ClosedRange<Double>? {
    let values = samples(of: count).map(statistic).filter { !$0.isNaN }
    guard !values.isEmpty else { return nil }
    return values.quantile((1 - confidence) / 2)...values.quantile((1 + confidence) / 2)
  }
}
