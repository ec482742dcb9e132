import ArgumentParser
import Datasets
import Formats
import Foundation
import Graphs
import Measures
import Networks
import Search
import Training

/// Trains all 125 cells of three nodes, each function once for each seed, and keeps every curve.
struct TableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "table")

  @OptionGroup var options: ImageOptions
  @Option(help: "The largest learning rate.") var rate = 0.1

  func run() throws {
    let (training, validation, test) = try options.parts()
    let space = NASBench201Space(
      channels: 8, cells: 1, input: [training.channels, training.height, training.width], classes: 10,
      nodes: 3)
    var functions: [String] = []
    var cells: [String: [String]] = [:]
    var firsts: [String: Architecture] = [:]
    for cell in space.all {
      let function = space.canonicalForm(of: cell)
      if cells[function] == nil {
        functions.append(function)
        firsts[function] = cell
      }
      cells[function, default: []].append(space.text(of: cell))
    }
    var rows: [JSONValue] = []
    for (place, function) in functions.enumerated() {
      guard let cell = firsts[function] else { continue }
      for seed in 1...options.seeds {
        let run = try curve(of: cell, in: space, training, validation, test, seed: UInt64(seed))
        rows.append(
          .object([
            .init("cells", .array((cells[function] ?? []).map { .string($0) })),
            .init("seed", .integer(seed)), .init("macs", .integer(try space.network(cell, batch: 1).macs)),
            .init("training_loss", .numbers(run.losses)),
            .init("validation_accuracy", .numbers(run.accuracies)),
            .init("validation_loss", .numbers(run.validationLosses)),
            .init("test_accuracy", .number(run.test)),
            .init("seconds", .number(run.seconds)),
          ]))
      }
      FileHandle.standardError.write(Data("\(place + 1)/\(functions.count)\n".utf8))
    }
    JSONValue.object([.init("rows", .array(rows))]).write()
  }

  private struct Curve {
    var losses: [Double] = []
    var accuracies: [Double] = []
    var validationLosses: [Double] = []
    var test = 0.0
    var seconds = 0.0
  }

  private func curve(
    of cell: Architecture, in space: NASBench201Space, _ training: LabelledImages,
    _ validation: LabelledImages, _ test: LabelledImages, seed: UInt64
  ) throws -> Curve {
    let clock = ContinuousClock()
    let start = clock.now
    // The same batches for all cells: only first weights differ.
    let batches = try Batches(training, batchSize: options.batch, seed: 1)
    let trainer = try Trainer(
      space.network(cell, batch: options.batch), Recipe(), initialization: Initialization(seed: seed),
      threads: options.threads)
    var curve = Curve()
    let steps = Double(options.epochs * batches.count)
    for epoch in 0..<options.epochs {
      var sum = 0.0
      for indices in batches.order(epoch: epoch) {
        let (pixels, labels) = batches.batch(indices)
        let progress = Double(trainer.stepCount) / steps
        sum += Double(try trainer.run(pixels, labels: labels, rate: rate * (1 + cos(progress * .pi)) / 2))
      }
      curve.losses.append(sum / Double(batches.count))
      let score = try score(cell, in: space, validation, batches.normalization, trainer.values)
      curve.accuracies.append(score.accuracy)
      curve.validationLosses.append(score.loss)
    }
    curve.test = try score(cell, in: space, test, batches.normalization, trainer.values).accuracy
    curve.seconds = (clock.now - start) / .seconds(1)
    return curve
  }

  private func score(
    _ cell: Architecture, in space: NASBench201Space, _ images: LabelledImages,
    _ normalization: Normalization, _ values: [String: [Float]]
  ) throws -> Training.Score {
    try Training.Score(
      of: space.network(cell, batch: 100), values: values, on: images, normalization: normalization,
      threads: options.threads)
  }
}
