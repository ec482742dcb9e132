/// Training-speed estimates: the training losses met on the way, as a stand-in for the accuracy at the end.
///
/// The loss of an epoch is the mean of its batches' losses while the weights move, not a clean pass afterwards. Lower is
/// better. Estimates of two networks compare only under the same schedule, batch size, augmentation and loss.
/// Source: Ru et al. 2021, arXiv:2006.04492, section 3.
package enum TrainingSpeed: Hashable, Sendable, Codable {
  /// TSE: Σ ℓₜ over all epochs.
  case sum
  /// TSE-E: Σ ℓₜ over the last E epochs; the paper takes 1.
  case lastEpochs(Int)
  /// TSE-EMA: Σ γ^(T−t) ℓₜ; the paper takes 0.999.
  case movingAverage(Double)
  /// What the authors' code computes under the name EMA: m ← (1 − μ) m + μ ℓₜ from the first loss on, μ = 0.9 of the newest.
  case officialMovingAverage(Double)

  /// The estimate after the epochs given; infinity where a loss is no number, so that a diverged network ranks last.
  ///
  /// - Returns: Infinity too for no epochs.
  package func estimate(_ epochLosses: [Double]) -> Double {
    guard let first = epochLosses.first, epochLosses.allSatisfy(\.isFinite) else { return .infinity }
    switch self {
    case .sum: return epochLosses.reduce(0, +)
    case .lastEpochs(let count): return epochLosses.suffix(max(1, count)).reduce(0, +)
    case .movingAverage(let decay): return epochLosses.reduce(0) { decay * $0 + $1 }
    case .officialMovingAverage(let newest):
      return epochLosses.dropFirst().reduce(first) { (1 - newest) * $0 + newest * $1 }
    }
  }
}

/// When to stop trusting training losses: they say little once they are near zero.
///
/// Some networks are trained as probes; Tₒ is the first epoch at which the loss of one falls below a threshold, and
/// training speed is used up to 0.9 Tₒ, validation accuracy beyond. Source: Ru et al. 2021, arXiv:2006.04492, section 4.
package struct TrainingSpeedHorizon: Hashable, Sendable {
  package var threshold: Double
  package var share: Double

  package init(threshold: Double = 0.1, share: Double = 0.9) {
    self.threshold = threshold
    self.share = share
  }

  /// The last epoch, from 1, at which training speed is to be used; nil where no probe's loss ever falls so low.
  package func lastEpoch(probes: [[Double]]) -> Int? {
    let first = probes.compactMap { losses in losses.firstIndex { $0 < threshold }.map { $0 + 1 } }.min()
    return first.map { max(1, Int(share * Double($0))) }
  }
}
