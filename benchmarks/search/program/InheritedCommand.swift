import ArgumentParser
import Datasets
import Formats
import Foundation
import Search

/// Ranks the 125 cells of three nodes by shared weights: their accuracy as they are, and how fast they learn from there.
struct InheritedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "inherited")

  @OptionGroup var options: ImageOptions
  @Option(help: "The most batches that a candidate learns from.") var batches = 100

  func run() throws {
    let (training, validation, _) = try options.parts()
    let space = NASBench201Space(
      channels: 8, cells: 1, input: [training.channels, training.height, training.width], classes: 10,
      nodes: 3)
    var firsts: [String: Architecture] = [:]
    var order: [String] = []
    for cell in space.all where firsts.updateValue(cell, forKey: space.canonicalForm(of: cell)) == nil {
      order.append(space.canonicalForm(of: cell))
    }
    var rows: [JSONValue] = []
    for seed in 1...options.seeds {
      let ranking = try InheritedRanking(
        .init(epochs: options.epochs, batch: options.batch, seed: UInt64(seed), threads: options.threads),
        in: space, training: training)
      for _ in 0..<options.epochs {
        FileHandle.standardError.write(Data("shared weights: loss \(try ranking.train())\n".utf8))
      }
      for function in order {
        guard let cell = firsts[function] else { continue }
        let clock = ContinuousClock()
        let start = clock.now
        let accuracy = try ranking.accuracy(of: cell, on: validation)
        let middle = clock.now
        let losses = try ranking.losses(of: cell, batches: batches)
        rows.append([
          "cell": .string(space.text(of: cell)), "seed": .integer(seed), "accuracy": .number(accuracy),
          "losses": .numbers(losses), "accuracy_seconds": .number((middle - start) / .seconds(1)),
          "losses_seconds": .number((clock.now - middle) / .seconds(1)),
        ])
      }
    }
    JSONValue.object([.init("rows", .array(rows))]).write()
  }
}
