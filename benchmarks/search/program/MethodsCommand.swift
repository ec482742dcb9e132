import ArgumentParser
import Datasets
import Formats
import Foundation
import Search

/// The ways of learning mixtures, in the same search network on the same images.
struct MethodsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "methods")

  @OptionGroup var options: ImageOptions
  @Option var nodes = 3
  @Option(help: "Cells of a stage.") var cells = 1
  @Option(help: "The largest learning rate of the weights.") var rate = 0.05
  @Option(help: "Only methods of these names; '*' for all that are usually compared.") var only = ["*"]
  @Option(help: "The first seed.") var first = 1

  private typealias Variant = (
    name: String, method: OneShotSearch.Method, isUsual: Bool, change: (inout OneShotSearch) -> Void
  )

  /// The ways of learning mixtures.
  ///
  /// - Parameter theory: The theory's rate at a bound of 1, for searches without a bound.
  private func variants(theory: Double) -> [Variant] {
    let xnas = OneShotSearch.Method.expertAdvice(bound: 1, rate: nil, wipes: true)
    let onTraining: (inout OneShotSearch) -> Void = {
      $0.source = .training(window: 10, redoesWeights: false)
    }
    return [
      ("XNAS", xnas, true, { _ in }),
      ("XNAS without wipeout", .expertAdvice(bound: 1, rate: nil, wipes: false), true, { _ in }),
      ("XNAS, a round for each batch", xnas, true, { $0.countsSamples = false }),
      ("XNAS, at most one skip", xnas, true, { $0.skipLimit = 1 }),
      ("XNAS, auxiliary skip", xnas, true, { $0.auxiliarySkip = 1 }),
      ("XNAS, beta decay", xnas, false, { $0.betaDecay = 0.5 }),
      ("XNAS on training losses", xnas, true, onTraining),
      ("XNAS, bound 0.01", .expertAdvice(bound: 0.01, rate: nil, wipes: true), false, { _ in }),
      ("XNAS, bound 0.1", .expertAdvice(bound: 0.1, rate: nil, wipes: true), false, { _ in }),
      (
        "XNAS without clipping", .expertAdvice(bound: .infinity, rate: theory, wipes: false), false, { _ in }
      ),
      ("GAEA, rate 0.1", .exponentiated(rate: 0.1), true, { _ in }),
      ("softmax gradient, rate 0.1", .softmaxGradient(rate: 0.1), true, { _ in }),
      ("DARTS, Adam 0.0003", .softmaxAdam(rate: 3e-4), true, { _ in }),
      ("DARTS, Adam 0.01", .softmaxAdam(rate: 1e-2), true, { _ in }),
      ("DARTS on training losses, Adam 0.01", .softmaxAdam(rate: 1e-2), false, onTraining),
      (
        "DARTS-TSE, Adam 0.01", .softmaxAdam(rate: 1e-2), true,
        { $0.source = .training(window: 10, redoesWeights: true) }
      ),
    ]
  }

  func run() throws {
    let (images, _, _) = try options.parts()
    let half = images.count / 2
    let (training, validation) = (try images.subset(0..<half), try images.subset(half..<2 * half))
    let space = NASBench201Space(
      channels: 8, cells: cells, input: [images.channels, images.height, images.width], classes: 10,
      nodes: nodes)
    var rows: [JSONValue] = []
    let rounds = options.epochs * (half / options.batch) * 3 * cells * options.batch
    let variants = variants(theory: ExponentiatedGradient.theoryRate(experts: 5, rounds: rounds))
    for (name, method, isUsual, change) in variants
    where only.contains(name) || isUsual && only.contains("*") {
      for seed in first..<first + options.seeds {
        var search = OneShotSearch(
          method: method, epochs: options.epochs, batch: options.batch, rate: rate, seed: UInt64(seed),
          threads: options.threads)
        change(&search)
        let epochs = try search.run(in: space, training: training, validation: validation)
        let found = search.finalists(of: epochs, in: space, count: 1).map { space.text(of: $0) }
        rows.append([
          "method": .string(name), "seed": .integer(seed), "found": .string(found.first ?? ""),
          "epochs": .array(epochs.map { row($0, space) }),
        ])
        FileHandle.standardError.write(Data("\(name), seed \(seed): \(found)\n".utf8))
      }
    }
    JSONValue.object([.init("rows", .array(rows))]).write()
  }

  private func row(_ epoch: SearchEpoch, _ space: NASBench201Space) -> JSONValue {
    [
      "cell": .string(space.text(of: epoch.architecture)), "training_loss": .number(epoch.trainingLoss),
      "reward_loss": .number(epoch.rewardLoss), "entropy": .number(epoch.entropy),
      "wiped": .integer(epoch.wipedCount), "clipped": .number(epoch.clippedShare),
      "regret": .number(epoch.regrets.max() ?? 0),
      "regret_bound": epoch.regretBounds?.max().map { .number($0) } ?? .null,
      "seconds": .number(epoch.seconds), "mixtures": .array(epoch.mixtures.map { .numbers($0) }),
    ]
  }
}
