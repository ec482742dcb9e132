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
  @Option(help: "Only the method of this name.") var only: String?
  @Option(help: "The first seed.") var first = 1

  private static let methods:
    [(name: String, method: OneShotSearch.Method, change: @Sendable (inout OneShotSearch) -> Void)] = [
      ("XNAS", .expertAdvice(bound: 1, rate: nil, wipes: true), { _ in }),
      ("XNAS without wipeout", .expertAdvice(bound: 1, rate: nil, wipes: false), { _ in }),
      (
        "XNAS, a round for each batch", .expertAdvice(bound: 1, rate: nil, wipes: true),
        { $0.countsSamples = false }
      ),
      ("XNAS, at most one skip", .expertAdvice(bound: 1, rate: nil, wipes: true), { $0.skipLimit = 1 }),
      ("XNAS, auxiliary skip", .expertAdvice(bound: 1, rate: nil, wipes: true), { $0.auxiliarySkip = 1 }),
      (
        "XNAS on training losses", .expertAdvice(bound: 1, rate: nil, wipes: true),
        { $0.source = .training(window: 10, redoesWeights: false) }
      ),
      ("GAEA, rate 0.1", .exponentiated(rate: 0.1), { _ in }),
      ("softmax gradient, rate 0.1", .softmaxGradient(rate: 0.1), { _ in }),
      ("DARTS, Adam 0.0003", .softmaxAdam(rate: 3e-4), { _ in }),
      ("DARTS, Adam 0.01", .softmaxAdam(rate: 1e-2), { _ in }),
      (
        "DARTS-TSE, Adam 0.01", .softmaxAdam(rate: 1e-2),
        { $0.source = .training(window: 10, redoesWeights: true) }
      ),
    ]

  func run() throws {
    let (images, _, _) = try options.parts()
    let half = images.count / 2
    let (training, validation) = (try images.subset(0..<half), try images.subset(half..<2 * half))
    let space = NASBench201Space(
      channels: 8, cells: 1, input: [images.channels, images.height, images.width], classes: 10,
      nodes: nodes)
    var rows: [JSONValue] = []
    for (name, method, change) in Self.methods where only.map({ $0 == name }) ?? true {
      for seed in first..<first + options.seeds {
        var search = OneShotSearch(
          method: method, epochs: options.epochs, batch: options.batch, rate: 0.05, seed: UInt64(seed),
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
