/// How a network is trained: all that the graph of a training step depends on.
package struct Recipe: Hashable, Sendable {
  package var loss: Loss
  package var optimizer: Optimizer
  package var weightDecay: Double
  /// Whether scales, shifts and biases (parameters of fewer than two axes) are decayed too.
  package var decaysVectors: Bool
  /// The largest norm of all gradients together, to which larger ones are scaled down; nil leaves them.
  package var clippingNorm: Double?
  /// How fast running statistics of batch normalisation follow those of the batch.
  package var statisticsMomentum: Double

  package init(
    loss: Loss = .crossEntropy(smoothing: 0), optimizer: Optimizer = .sgd(momentum: 0.9),
    weightDecay: Double = 0,
    decaysVectors: Bool = true, clippingNorm: Double? = nil, statisticsMomentum: Double = 0.1
  ) {
    self.loss = loss
    self.optimizer = optimizer
    self.weightDecay = weightDecay
    self.decaysVectors = decaysVectors
    self.clippingNorm = clippingNorm
    self.statisticsMomentum = statisticsMomentum
  }
}
