import Search
import Testing

/// Training-speed estimates, computed by hand.
struct TrainingSpeedEstimates {
  let losses = [2.0, 1.0, 0.5]

  @Test func `estimates are the formulas of the paper`() {
    #expect(TrainingSpeed.sum.estimate(losses) == 3.5)
    #expect(TrainingSpeed.lastEpochs(1).estimate(losses) == 0.5)
    #expect(TrainingSpeed.lastEpochs(2).estimate(losses) == 1.5)
    #expect(TrainingSpeed.lastEpochs(9).estimate(losses) == 3.5)
    #expect(abs(TrainingSpeed.movingAverage(0.5).estimate(losses) - (0.25 * 2 + 0.5 * 1 + 0.5)) < 1e-15)
    #expect(TrainingSpeed.movingAverage(1).estimate(losses) == TrainingSpeed.sum.estimate(losses))
    // 0.1 · (0.1 · 2 + 0.9 · 1) + 0.9 · 0.5
    #expect(abs(TrainingSpeed.officialMovingAverage(0.9).estimate(losses) - 0.56) < 1e-15)
  }

  @Test func `a network that diverged ranks last`() {
    for estimator in [TrainingSpeed.sum, .lastEpochs(1), .movingAverage(0.999), .officialMovingAverage(0.9)] {
      #expect(estimator.estimate([2, .nan, 0.1]) == .infinity)
      #expect(estimator.estimate([2, .infinity]) == .infinity)
      #expect(estimator.estimate([]) == .infinity)
    }
  }

  @Test func `training speed is used up to nine tenths of the epoch at which a probe's loss vanishes`() {
    let horizon = TrainingSpeedHorizon()
    let slow = Array(repeating: 0.5, count: 40)
    let fast = Array(repeating: 0.5, count: 19) + [0.05]
    #expect(horizon.lastEpoch(probes: [slow, fast]) == 18)
    #expect(horizon.lastEpoch(probes: [slow]) == nil)
  }
}
