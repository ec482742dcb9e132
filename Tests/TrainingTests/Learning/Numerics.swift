import Graphs
import Testing
import Training

/// Steps that leave numbers that are not finite.
struct Numerics {
  private func trainer(_ values: [String: [Float]] = TrainingSteps.values, checks: Bool = true) throws
    -> Trainer
  {
    try Trainer(TrainingSteps.network(), Recipe(), values: values, threads: 1, checksNumerics: checks)
  }

  private func message(_ trainer: Trainer, _ batch: [Float], rate: Double = 0.1) -> PlanError? {
    #expect(throws: PlanError.self) {
      for _ in 0..<20 { _ = try trainer.run(batch, labels: [0, 3, 1, 4], rate: rate) }
    }
  }

  @Test func `a number of the batch that is none is found there`() throws {
    var batch = TrainingSteps.wave(768, 0, 1)
    batch[7] = .nan
    let error = message(try trainer(), batch)
    #expect(
      error?.description
        == "step 1, input 'x': found nan at element 7, 1 of 768 not finite, expected finite numbers; lower the learning rate, warm up, or clip gradients"
    )
  }

  @Test func `a weight that is none is found there`() throws {
    var values = TrainingSteps.values
    values["fc.weight"]?[3] = .infinity
    #expect(
      message(try trainer(values), TrainingSteps.wave(768, 0, 1))?.place == "step 1, constant 'fc.weight'")
  }

  @Test func `the first node that overflows is named, also where the loss is still finite`() throws {
    var values = TrainingSteps.values
    // Finite numbers whose product is none.
    values["fc.weight"] = TrainingSteps.wave(120, 0.9, 3e38)
    values["instance.weight"] = TrainingSteps.wave(6, 0.7, 100)
    let error = message(try trainer(values), TrainingSteps.wave(768, 0, 1))
    #expect(error?.place == "step 1, node 'fc' (matrix-product)", "\(error.map { "\($0)" } ?? "")")
    #expect(message(try trainer(values, checks: false), TrainingSteps.wave(768, 0, 1))?.place == "step 1")
  }

  @Test func `a sound training is the same with and without checks`() throws {
    func weights(_ checks: Bool) throws -> [String: [Float]] {
      let trainer = try trainer(checks: checks)
      for _ in 0..<3 { _ = try trainer.run(TrainingSteps.wave(768, 0, 1), labels: [0, 3, 1, 4], rate: 0.1) }
      return trainer.values
    }
    #expect(try weights(true) == weights(false))
  }
}
