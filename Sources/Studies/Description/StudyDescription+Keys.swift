import Formats
import Measures
package import Records

extension StudyDescription {
  /// All keys of a study file.
  package static var tree: KeyTree { KeyTree(record.fields.map(\.declaration)) }

  static let record = Record(
    blank: StudyDescription(),
    [
      .required(
        "hardware", \.hardware, .text,
        "The machine that networks are to run on: a name of `list hardware`, or a path."),
      .optional(
        "space", \.space, SpaceSection.record.codec, default: SpaceSection(), "Which networks are searched."),
      .optional(
        "dataset", \.dataset, DatasetSection.record.codec, default: DatasetSection(),
        "What networks are trained and judged on."),
      .optional(
        "objective", \.objective, ObjectiveSection.record.codec, default: ObjectiveSection(),
        "What is wanted beside accuracy."),
      .optional(
        "strategy", \.strategy, StrategySection.record.codec, default: StrategySection(),
        "How the next network is chosen."),
      .optional(
        "estimator", \.estimator, EstimatorSection.record.codec, default: EstimatorSection(),
        "How the quality of a network is found out."),
      .optional(
        "budget", \.budget, BudgetSection.record.codec, default: BudgetSection(), "When the search ends."),
      .optional(
        "parallel", \.parallelTrials, .whole(1...256), default: 1,
        "Trials that may be under way at the same time; strategies choose without the results of those."),
      .optional(
        "confirmations", \.confirmations, .whole(0...1000), default: 0,
        "Seeds with which the best network and the reference of the space are trained anew at the end and judged on test "
          + "images, which the search never sees."),
      .optional(
        "seed", \.seed, .whole(0...Int.max), default: 1,
        "What all chance depends on: the same seed gives the same trials."),
    ])
}

extension SpaceSection {
  static let record = Record(
    blank: SpaceSection(),
    [
      .optional(
        "name", \.name, .word(), default: .nasBench201,
        "The space: cells of NAS-Bench-201, pairs of cells as DARTS has them (darts-edges: as it searches them), or depths and "
          + "widths of mobile blocks."
      ),
      .optional("channels", \.channels, .whole(1...1024), default: 8, "Channels of the first stage."),
      .optional(
        "cells", \.cells, .whole(1...32), default: 1,
        "Cells of each of the three stages; in the space macro the fewest blocks of a stage."),
    ])
}

extension DatasetSection {
  static let record = Record(
    blank: DatasetSection(),
    [
      .optional(
        "name", \.name, .text, default: "stripes",
        "An embedded dataset (stripes), or the path of one in files."),
      .optional(
        "training", \.training, .whole(1...100_000_000), default: 256, "Images that weights are trained on."),
      .optional(
        "validation", \.validation, .whole(1...100_000_000), default: 512,
        "Images, none of them trained on, by which networks are judged."),
    ])
}

extension ObjectiveSection {
  static let record = Record(
    blank: ObjectiveSection(),
    [
      .optional(
        "least-quality", \.leastQuality, .optional(.number(-1e6...1)), default: nil,
        "The least quality that is allowed; accuracies run from 0 to 1."),
      .optional(
        "latency", \.latency, .optional(Wish<Seconds>.record.codec), default: nil, "Time of one image."),
      .optional(
        "energy", \.energy, .optional(Wish<Joules>.record.codec), default: nil, "Energy of one image."),
      .optional(
        "average-power", \.averagePower, .optional(Wish<Watts>.record.codec), default: nil,
        "Energy by time of one image."),
      .optional(
        "peak-power", \.peakPower, .optional(Wish<Watts>.record.codec), default: nil,
        "The largest power of any window of time."),
      .optional(
        "form", \.form, .word(), default: .oneSidedAbsolute,
        "How quality and costs become the one number that single-objective strategies maximise; with absolute, search networks "
          + "are held to targets from both sides."),
      .optional(
        "strength", \.strength, .optional(.number(-10...10)), default: nil,
        "β or w of the form; without it what the form's paper takes (0.1, −0.07, −1, 0.1)."),
    ])
}

extension ObjectiveSection.Wish {
  static var record: Record<Self> {
    let amount = Codec<Amount>.quantity(Amount(0)...Amount(1e9))
    return Record(
      blank: Self(),
      [
        .optional("target", \.target, .optional(amount), default: nil, "What to aim at."),
        .optional("limit", \.limit, .optional(amount), default: nil, "What must not be exceeded."),
      ])
  }
}

extension StrategySection {
  static let record = Record(
    blank: StrategySection(),
    [
      .optional("name", \.name, .word(), default: .regularizedEvolution, "The strategy."),
      .optional(
        "population", \.population, .whole(1...100_000), default: 10,
        "Networks of the population, or random ones that pareto-mutation starts from."),
      .optional(
        "sample", \.sample, .whole(1...100_000), default: 3,
        "Of how many, drawn from the population, the best is a parent (regularized-evolution)."),
      .optional(
        "one-shot", \.oneShot, .optional(OneShotSection.record.codec), default: nil,
        "How the search network is trained (xnas, gaea, darts, softmax-gradient)."),
    ])
}

extension EstimatorSection {
  static let record = Record(
    blank: EstimatorSection(),
    [
      .optional(
        "method", \.method, .word(), default: .training,
        "Accuracy after training, a training-speed estimate instead of it, or a column of a table."),
      .optional("epochs", \.epochs, .whole(1...100_000), default: 3, "Epochs that each network is trained."),
      .optional("batch", \.batch, .whole(1...65_536), default: 64, "Images of one step."),
      .optional(
        "learning-rate", \.rate, .number(0...100, excludesLower: true), default: 0.1,
        "The largest learning rate; it falls to zero along half a cosine."),
      .optional(
        "probes", \.probes, .whole(0...1000), default: 0,
        "Networks trained before all trials (tse, tse-e, tse-ema): where the loss of one falls below 0.1 at epoch T, accuracy takes the place of training speed for trials of more than 0.9 T epochs."
      ),
      .optional(
        "batches", \.batches, .whole(1...1_000_000), default: 100,
        "Batches that a network learns from, from shared weights on (inherited-tse)."),
      .optional("file", \.file, .optional(.text), default: nil, "The table, for the method table."),
      .optional(
        "column", \.column, .optional(.text), default: nil,
        "The column of quality in percent, for the method table."),
    ])
}

extension BudgetSection {
  static let record = Record(
    blank: BudgetSection(),
    [
      .optional("trials", \.trials, .whole(1...100_000_000), default: 50, "Networks that are tried."),
      .optional(
        "time", \.time, .optional(.quantity(Seconds(1)...Seconds(1e8))), default: nil,
        "Wall-clock time of one run, after which no new trial begins."),
    ])
}

extension Codec {
  /// A value that may be absent; it is written only where there is one.
  static func optional<Wrapped: Hashable & Sendable>(
    _ codec: Codec<Wrapped>
  ) -> Codec where Value == Wrapped? {
    Codec(
      codec.shape,
      decode: { node, decoding in
        guard let value = codec.decode(node, &decoding) else { return nil }
        return .some(value)
      },
      encode: { $0.map(codec.encode) ?? .plain("none") })
  }
}
