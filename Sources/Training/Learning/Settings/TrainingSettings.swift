package import Datasets

/// Everything that decides how a network is trained, apart from network and dataset.
///
/// Read from a recipe file or the command line by the keys of ``SettingKeys``.
package struct TrainingSettings: Hashable, Sendable {
  /// The rule that weights follow.
  package enum OptimizerKind: String, CaseIterable, Sendable {
    case sgd, adam, adamw, rmsprop
  }

  /// The shape of the learning rate over time.
  package enum ScheduleKind: String, CaseIterable, Sendable {
    case constant, step, cosine, linear
    case oneCycle = "one-cycle"
  }

  package var epochs = 5
  package var batchSize = 64
  package var seed: UInt64 = 1
  /// Bytes that the plan of a step may need; 0 for all that are free.
  package var memoryLimit = 0

  package var optimizerKind = OptimizerKind.sgd
  package var momentum = 0.9
  package var usesNesterov = false
  package var beta1 = 0.9
  package var beta2 = 0.999
  package var epsilon = 1e-8
  package var squareDecay = 0.99

  package var learningRate = 0.05
  package var scheduleKind = ScheduleKind.cosine
  package var warmupEpochs = 0.0
  package var finalRate = 0.0
  package var stepEpochs: [Int] = [30, 60, 90]
  package var stepFactor = 0.1

  package var weightDecay = 5e-4
  package var decaysVectors = false
  package var clippingNorm = 0.0
  package var labelSmoothing = 0.0
  package var statisticsMomentum = 0.1

  package var dropout = 0.0
  package var dropPath = 0.0
  package var averaging = 0.0

  package var augmentations: [ImageAugmentation] = []
  package var augmentsInGraph = false
  package var mixup = 0.0
  package var cutmix = 0.0

  package var distillationShare = 0.5
  package var distillationTemperature = 4.0

  package init() {}

  /// The part that the graph of a training step depends on.
  package func recipe(hasTeacher: Bool = false) -> Recipe {
    Recipe(
      loss: mixing.isIdentity ? .crossEntropy(smoothing: labelSmoothing) : .softCrossEntropy,
      optimizer: optimizer, weightDecay: weightDecay,
      decaysVectors: decaysVectors, clippingNorm: clippingNorm > 0 ? clippingNorm : nil,
      statisticsMomentum: statisticsMomentum, averaging: averaging,
      augmentsInGraph: augmentsInGraph,
      regularisation: Regularisation(dropout: dropout, dropPath: dropPath),
      distillation: hasTeacher ? .init(share: distillationShare, temperature: distillationTemperature) : nil)
  }

  /// How images of a batch are mixed.
  package var mixing: BatchMixing { BatchMixing(mixup: mixup, cutmix: cutmix) }

  private var optimizer: Optimizer {
    switch optimizerKind {
    case .sgd: .sgd(momentum: momentum, nesterov: usesNesterov)
    case .adam: .adam(beta1: beta1, beta2: beta2, epsilon: epsilon)
    case .adamw: .adamW(beta1: beta1, beta2: beta2, epsilon: epsilon)
    case .rmsprop: .rmsProp(alpha: squareDecay, epsilon: epsilon, momentum: momentum)
    }
  }

  private var schedule: Schedule {
    switch scheduleKind {
    case .constant: .constant
    case .step: .step(epochs: stepEpochs, factor: stepFactor)
    case .cosine: .cosine(end: finalRate)
    case .linear: .linear(end: finalRate)
    case .oneCycle: .oneCycle
    }
  }

  /// The learning rate of a step, counted from 0.
  package func rate(step: Int, stepsPerEpoch: Int) -> Double {
    learningRate
      * schedule.factor(
        step: step, of: epochs * stepsPerEpoch, stepsPerEpoch: stepsPerEpoch,
        warmup: Int((warmupEpochs * Double(stepsPerEpoch)).rounded()))
  }
}
