/// How a network is trained: all that the graph of a training step depends on.
package struct Recipe: Hashable, Sendable {
  package var loss: Loss
  package var optimizer: Optimizer
  package var weightDecay: Double
  /// Whether scales, shifts and biases (parameters with fewer than two extents above 1) are decayed too.
  package var decaysVectors: Bool
  /// The largest norm of all gradients together, to which larger ones are scaled down; nil leaves them.
  package var clippingNorm: Double?
  /// How much of the averages of all weights a step keeps; 0 keeps no averages.
  package var averaging: Double
  /// Whether images are changed at random inside the graph (``DifferentiableAugmentation``).
  package var augmentsInGraph: Bool
  /// What is left out at random.
  package var regularisation: Regularisation
  /// How far the loss is that from a teacher's outputs instead of that from the targets; nil without teacher.
  package var distillation: Distillation?
  /// How fast running statistics of batch normalisation follow those of the batch.
  package var statisticsMomentum: Double

  /// A loss of two parts: (1 − share) times the loss, and share times `Loss.distillation`.
  ///
  /// Source: Hinton et al. 2015, arXiv:1503.02531.
  package struct Distillation: Hashable, Sendable {
    package var share: Double
    package var temperature: Double

    package init(share: Double, temperature: Double) {
      self.share = share
      self.temperature = temperature
    }
  }

  package init(
    loss: Loss = .crossEntropy(smoothing: 0), optimizer: Optimizer = .sgd(momentum: 0.9),
    weightDecay: Double = 0,
    decaysVectors: Bool = true, clippingNorm: Double? = nil, statisticsMomentum: Double = 0.1,
    averaging: Double = 0, augmentsInGraph: Bool = false,
    regularisation: Regularisation = Regularisation(), distillation: Distillation? = nil
  ) {
    self.loss = loss
    self.optimizer = optimizer
    self.weightDecay = weightDecay
    self.decaysVectors = decaysVectors
    self.clippingNorm = clippingNorm
    self.statisticsMomentum = statisticsMomentum
    self.averaging = averaging
    self.augmentsInGraph = augmentsInGraph
    self.regularisation = regularisation
    self.distillation = distillation
  }
}
