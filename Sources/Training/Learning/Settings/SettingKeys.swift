import Datasets
import Measures

/// All keys of a recipe, in the order in which they are shown and written.
package enum SettingKeys {
  package static func named(_ name: String) -> SettingKey? { all.first { $0.name == name } }

  package static let all: [SettingKey] = run + optimizer + rate + regularisation

  private static let run: [SettingKey] = [
    .integer("epochs", \.epochs, 1...1_000_000, "How often the network sees every training image."),
    .integer("batch", \.batchSize, 1...1_000_000, "Images of one step."),
    SettingKey(
      name: "seed", sentence: "Where all random numbers start: first weights, order, augmentation.",
      expectation: "a whole number from 0",
      read: { settings, text in
        guard let seed = UInt64(text) else { return false }
        settings.seed = seed
        return true
      }, write: { "\($0.seed)" }),
    SettingKey(
      name: "memory-limit",
      sentence:
        "Memory of a step: results are computed again, then batches split, until it suffices; 0 for no limit.",
      expectation: "bytes with a unit, such as 512 MiB, or 0",
      read: { settings, text in
        guard let bytes = text == "0" ? Bytes(0) : try? Bytes(parsing: text), bytes.count >= 0 else {
          return false
        }
        settings.memoryLimit = bytes.count
        return true
      }, write: { $0.memoryLimit == 0 ? "0" : "\($0.memoryLimit) B" }),
    SettingKey(
      name: "augment", sentence: "Random changes of training images, applied in this order.",
      expectation: "none, or some of \(ImageAugmentation.guide)",
      read: { settings, text in
        guard let list = ImageAugmentation.list(text) else { return false }
        settings.augmentations = list
        return true
      },
      write: {
        $0.augmentations.isEmpty ? "none" : $0.augmentations.map(\.description).joined(separator: ", ")
      }),
  ]

  private static let optimizer: [SettingKey] = [
    .choice("optimizer", \.optimizerKind, "The rule that weights follow."),
    .number("momentum", \.momentum, 0...1, "Momentum of sgd and rmsprop."),
    .flag("nesterov", \.usesNesterov, "Whether sgd looks ahead (Nesterov's variant)."),
    .number("beta1", \.beta1, 0...1, "How much of the mean gradient adam and adamw keep."),
    .number("beta2", \.beta2, 0...1, "How much of the mean square adam and adamw keep."),
    .number("epsilon", \.epsilon, 0...1, "What adam, adamw and rmsprop add to the root of the mean square."),
    .number("square-decay", \.squareDecay, 0...1, "How much of the mean square rmsprop keeps."),
    .number("weight-decay", \.weightDecay, 0...1, "How strongly weights are drawn to 0."),
    .flag("decay-vectors", \.decaysVectors, "Whether scales, shifts and biases decay too."),
    .number(
      "clip-norm", \.clippingNorm, 0...1e9,
      "The largest norm of all gradients together; 0 leaves gradients alone."),
  ]

  private static let rate: [SettingKey] = [
    .number("learning-rate", \.learningRate, 0...1e6, "The largest learning rate of the schedule."),
    .choice("schedule", \.scheduleKind, "The shape of the learning rate over time."),
    .number(
      "warmup-epochs", \.warmupEpochs, 0...1e6, "Epochs in which the learning rate rises to its full value."),
    .number(
      "final-rate", \.finalRate, 0...1, "What cosine and linear end at, as a part of the learning rate."),
    SettingKey(
      name: "step-epochs", sentence: "The epochs behind which the step schedule lowers the rate.",
      expectation: "rising whole numbers, separated by commas",
      read: { settings, text in
        let words = text.split(separator: ",").map { $0.filter { $0 != " " } }
        let epochs = words.compactMap { Int($0) }
        let isRising = zip(epochs, epochs.dropFirst()).allSatisfy { $0 < $1 }
        guard !epochs.isEmpty, epochs.count == words.count, isRising, epochs[0] > 0 else { return false }
        settings.stepEpochs = epochs
        return true
      }, write: { $0.stepEpochs.map { "\($0)" }.joined(separator: ", ") }),
    .number("step-factor", \.stepFactor, 0...1, "What the step schedule multiplies the rate with."),
  ]

  private static let regularisation: [SettingKey] = [
    .number(
      "label-smoothing", \.labelSmoothing, 0...1, "The part of each target that is spread over all classes."),
    .number(
      "dropout", \.dropout, 0...0.99, "The chance that a number that the last layer reads is left out."),
    .number(
      "drop-path", \.dropPath, 0...0.99,
      "The chance that the last residual branch is left out; it falls in equal steps to the first one."),
    .flag(
      "differentiable-augmentation", \.augmentsInGraph,
      "Whether each batch is changed inside the graph, too: colour, crop, cutout, flip, scale or rotation (DSA)."
    ),
    .number(
      "mixup", \.mixup, 0...4,
      "Images become weighted sums of two: parameter of the Beta distribution; 0 for none."),
    .number(
      "cutmix", \.cutmix, 0...4, "Images are cut together: parameter of the Beta distribution; 0 for none."),
    .number(
      "averaging", \.averaging, 0...0.99999,
      "How much of the averages of all weights a step keeps; they are tested instead of the weights; 0 for none."
    ),
    .number(
      "distillation-share", \.distillationShare, 0...1, "The part of the loss that compares with a teacher."),
    .number(
      "distillation-temperature", \.distillationTemperature, 0.01...1000,
      "What softens outputs before they are compared."),
    .number(
      "statistics-momentum", \.statisticsMomentum, 0...1,
      "How fast running statistics of batch normalisation follow those of the batch."),
  ]
}
