import Testing
import Training

/// Learning rates against PyTorch 2.13 (scripts/golden/schedules.py): 4 epochs of 3 steps.
struct Schedules {
  struct Golden: Sendable, CustomTestStringConvertible {
    var schedule: Schedule
    var warmup = 0
    var factors: [Double]
    var testDescription: String { "\(schedule), \(warmup) steps of warm-up" }
  }

  static let goldens: [Golden] = [
    Golden(
      schedule: .step(epochs: [1, 3], factor: 0.2),
      factors: [1.0, 1.0, 1.0, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.04, 0.04, 0.04]),
    Golden(
      schedule: .cosine(end: 0.1),
      factors: [
        1.0, 0.984666622, 0.939711432, 0.868198052, 0.775, 0.66646857, 0.55, 0.43353143, 0.325, 0.231801948,
        0.160288568, 0.115333378,
      ]),
    Golden(
      schedule: .linear(end: 0.25),
      factors: [1.0, 0.9375, 0.875, 0.8125, 0.75, 0.6875, 0.625, 0.5625, 0.5, 0.4375, 0.375, 0.3125]),
    Golden(
      schedule: .oneCycle,
      factors: [
        0.04, 0.349789654, 0.879285159, 0.994415435, 0.93301297, 0.811745654, 0.647378998, 0.462637103,
        0.283060998, 0.13347753, 0.034566987, 4e-06,
      ]),
    Golden(
      schedule: .cosine(end: 0), warmup: 4,
      factors: [
        0.25, 0.5, 0.75, 1.0, 1.0, 0.961939766, 0.853553391, 0.691341716, 0.5, 0.308658284, 0.146446609,
        0.038060234,
      ]),
    Golden(schedule: .constant, factors: Array(repeating: 1, count: 12)),
  ]

  @Test(arguments: goldens)
  func `learning rates follow those of PyTorch`(_ golden: Golden) {
    for (step, expected) in golden.factors.enumerated() {
      let factor = golden.schedule.factor(step: step, of: 12, stepsPerEpoch: 3, warmup: golden.warmup)
      #expect(abs(factor - expected) < 1e-8, "step \(step)")
    }
  }

  @Test func `trainings of one step have a rate`() {
    for schedule in Self.goldens.map(\.schedule) {
      #expect(schedule.factor(step: 0, of: 1, stepsPerEpoch: 1, warmup: 0).isFinite)
      // One cycle has a rise of its own.
      let factor = schedule.factor(step: 0, of: 1, stepsPerEpoch: 1, warmup: 1)
      #expect(factor == (schedule == .oneCycle ? 1 / 250_000.0 : 1))
    }
  }
}
