import Measures
package import Search

/// Everything about one architecture: what it costs on the machine, how good it is, and the score of both.
package struct TrialEvaluator: Sendable {
  private let objective: Objective
  private let cost: HardwareCost
  private var estimator: any QualityEstimator

  package init(objective: Objective, cost: HardwareCost, estimator: any QualityEstimator) {
    self.objective = objective
    self.cost = cost
    self.estimator = estimator
  }

  /// The evaluator after what its estimator has to find out before all trials.
  ///
  /// - Throws: ``StudyError`` where that fails.
  package func prepared(in space: any SearchSpace, store: StudyStore) throws(StudyError) -> TrialEvaluator {
    var result = self
    do {
      result.estimator = try estimator.prepared(in: space, store: store)
    } catch let error as StudyError {
      throw error
    } catch {
      throw StudyError(.badInput, at: store.path, "preparing the estimator failed: \(error)")
    }
    return result
  }

  /// Evaluates an architecture.
  ///
  /// The cost comes first: a network that exceeds a limit by its cost alone is not trained.
  /// - Throws: ``StudyError`` where the store fails; all other errors are the trial's, and are returned.
  package func evaluate(
    _ architecture: Architecture, trial: Int, in space: any SearchSpace, store: StudyStore
  ) throws(StudyError) -> Result<TrialRecord.Findings, TrialFailure> {
    do {
      let cost = try cost.cost(of: architecture, in: space, store: store)
      var metrics = Metrics(
        quality: 0, latency: Seconds(cost.latency), energy: Joules(cost.energy),
        peakPower: Watts(cost.peakPower))
      if let score = objective.refusal(metrics) {
        return .success(findings(quality: nil, metrics, score, curve: []))
      }
      let (quality, curve) = try estimator.quality(of: architecture, in: space, trial: trial)
      guard !quality.isNaN else { return .failure(TrialFailure("its quality is no number")) }
      metrics.quality = quality
      return .success(findings(quality: quality, metrics, objective.score(metrics), curve: curve))
    } catch let error as StudyError {
      throw error
    } catch let failure as TrialFailure {
      return .failure(failure)
    } catch {
      return .failure(TrialFailure("\(error)"))
    }
  }

  private func findings(
    quality: Double?, _ metrics: Metrics, _ score: Score, curve: [TrialRecord.Epoch]
  ) -> TrialRecord.Findings {
    TrialRecord.Findings(
      quality: quality, latency: metrics.latency, energy: metrics.energy, peakPower: metrics.peakPower,
      score: score, curve: curve)
  }
}
