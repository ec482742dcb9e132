import Measures
import Testing

/// Statistics agree with SciPy 1.17 and NumPy 2.4 on the same numbers, and with definitions written out.
@Suite struct StatisticsTests {
  private static let first: [Double] = [2, 7, 1, 8, 2, 8, 1, 8, 2, 8, 4, 5, 9]
  private static let second: [Double] = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9]
  private static let pairs = Pairs(predicted: first, measured: second)

  @Test func `correlations with ties are those of SciPy`() {
    #expect(abs(Self.pairs.kendallTau - 0.3001225239993905) < 1e-14)
    #expect(abs(Self.pairs.spearman - 0.3243834325832704) < 1e-14)
    #expect(abs(Self.pairs.pearson - 0.2631270168602102) < 1e-14)
  }

  @Test func `ranks share the mean place of ties`() {
    #expect(Self.first.ranks == [4, 8, 1.5, 10.5, 4, 10.5, 1.5, 10.5, 4, 10.5, 6, 7, 13])
  }

  @Test func `quantiles and deviation are those of NumPy`() {
    let values = [3.5, 1.25, 9, 4, 4, 7.5, 0.5]
    let expected = [0.5, 0.95, 2.375, 4, 8.1, 9]
    for (fraction, value) in zip([0, 0.1, 0.25, 0.5, 0.9, 1], expected) {
      #expect(abs(values.quantile(fraction) - value) < 1e-12)
    }
    #expect(abs(values.standardDeviation - 3.078825533651861) < 1e-12)
  }

  @Test func `relative errors are shares of the measured value`() {
    let pairs = Pairs(predicted: [11, 18, 30, 50], measured: [10, 20, 30, 40])
    #expect(abs(pairs.meanAbsoluteRelativeError - 0.1125) < 1e-12)
    #expect(abs(pairs.medianAbsoluteRelativeError - 0.1) < 1e-12)
    #expect(pairs.shareWithin(0.1) == 0.75)
    #expect(abs(pairs.rSquared - 0.79) < 1e-12)
  }

  @Test func `a series that does not vary has no correlation`() {
    let flat = Pairs(predicted: [1, 1, 1], measured: [1, 2, 3])
    #expect(flat.kendallTau.isNaN && flat.spearman.isNaN && flat.pearson.isNaN)
    #expect(Pairs(predicted: [], measured: []).meanAbsoluteRelativeError.isNaN)
  }

  @Test func `Kendall's tau by merging is the tau that compares all pairs`() {
    var random = RandomStream(seed: 5)
    for size in 2..<60 {
      let levels = 1 + random.below(size + 3)
      let first = (0..<size).map { _ in Double(random.below(levels)) }
      let second = (0..<size).map { _ in Double(random.below(levels)) }
      let tau = Pairs(predicted: first, measured: second).kendallTau
      let slow = tauOfAllPairs(first, second)
      #expect(tau.isNaN == slow.isNaN)
      if !slow.isNaN { #expect(abs(tau - slow) < 1e-12) }
    }
  }

  @Test func `a bootstrap interval of a mean is as wide as theory says, and the same for a seed`() throws {
    var random = RandomStream(seed: 11)
    let values = (0..<400).map { _ in random.uniform() }
    let bootstrap = Bootstrap(resamples: 2000, random: RandomStream(seed: 3))
    let interval = try #require(bootstrap.interval(of: 400) { rows in rows.map { values[$0] }.mean })
    // 1.96 standard errors of a uniform variable on either side.
    let expected = 2 * 1.96 * (1.0 / 12).squareRoot() / 20
    #expect(abs((interval.upperBound - interval.lowerBound) / expected - 1) < 0.1)
    #expect(interval.contains(values.mean))
    #expect(bootstrap.interval(of: 400) { rows in rows.map { values[$0] }.mean } == interval)
    #expect(bootstrap.interval(of: 0) { _ in 1 } == nil)
  }
}

/// τ-b by its definition, in O(n²).
private func tauOfAllPairs(_ first: [Double], _ second: [Double]) -> Double {
  var (balance, firstUntied, secondUntied) = (0.0, 0.0, 0.0)
  for i in first.indices {
    for j in first.indices where j > i {
      let (x, y) = ((first[i] - first[j]).sign(), (second[i] - second[j]).sign())
      balance += x * y
      firstUntied += x * x
      secondUntied += y * y
    }
  }
  return balance / (firstUntied * secondUntied).squareRoot()
}

extension Double {
  fileprivate func sign() -> Double { self > 0 ? 1 : self < 0 ? -1 : 0 }
}
