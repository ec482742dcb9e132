/// What a search is for: quality, and costs with targets to aim at and limits not to exceed.
///
/// One definition for all strategies: the scalar form for those that need one number, losses for those that look for a
/// front, and the violation of limits for all.
package struct Objective: Hashable, Sendable, Codable {
  /// A cost and what is wanted of it, in the criterion's unit.
  package struct Cost: Hashable, Sendable, Codable {
    package var criterion: Criterion
    /// What to aim at; it enters the scalar form.
    package var target: Double?
    /// What must not be exceeded.
    package var limit: Double?

    package init(_ criterion: Criterion, target: Double? = nil, limit: Double? = nil) {
      self.criterion = criterion
      self.target = target
      self.limit = limit
    }
  }

  package var costs: [Cost]
  package var form: ScalarForm
  /// The least quality that is allowed.
  package var leastQuality: Double?

  package init(costs: [Cost], form: ScalarForm = .standard, leastQuality: Double? = nil) {
    self.costs = costs
    self.form = form
    self.leastQuality = leastQuality
  }

  /// The score of a network whose costs alone exceed limits, whatever its quality; nil where they do not.
  package func refusal(_ metrics: Metrics) -> Score? {
    var violation = 0.0
    for cost in costs {
      if let limit = cost.limit, metrics[cost.criterion] > limit {
        violation += metrics[cost.criterion] / limit - 1
      }
    }
    guard violation > 0 else { return nil }
    return Score(
      scalar: -.infinity, losses: [.infinity] + costs.map { metrics[$0.criterion] }, violation: violation)
  }

  /// The score of a network.
  ///
  /// Losses are −quality and then the costs in their order. The violation adds up, over limits, by which share each is
  /// exceeded. A quality that is no number violates without bound.
  package func score(_ measurement: Metrics) -> Score {
    var scalar = measurement.quality
    var violation = measurement.quality.isNaN ? Double.infinity : 0
    if let leastQuality, measurement.quality < leastQuality {
      violation += (leastQuality - measurement.quality) / max(abs(leastQuality), .leastNormalMagnitude)
    }
    for cost in costs {
      let value = measurement[cost.criterion]
      if let target = cost.target { scalar = form.applied(to: scalar, ratio: value / target) }
      if let limit = cost.limit, value > limit { violation += value / limit - 1 }
    }
    return Score(
      scalar: scalar, losses: [-measurement.quality] + costs.map { measurement[$0.criterion] },
      violation: violation)
  }
}
