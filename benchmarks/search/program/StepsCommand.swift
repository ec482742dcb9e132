import ArgumentParser
import Formats
import Foundation
import Networks
import Search
import Training

/// How long a step of the search network of NAS-Bench-201 takes: weights and rewards, whole and half wiped.
struct StepsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "steps")

  @Option var batch = 64
  @Option var channels = 16
  @Option var cells = 1
  @Option var extent = 16
  @Option var steps = 10
  @Option var threads = 1

  func run() throws {
    let space = NASBench201Space(
      channels: channels, cells: cells, input: [3, extent, extent], classes: 10)
    let whole = Array(repeating: Array(repeating: true, count: 5), count: 6)
    // Every second edge has lost its two convolutions.
    let wiped = whole.indices.map { edge in edge % 2 == 0 ? whole[edge] : [true, true, false, false, true] }
    let rows = try [("whole", whole), ("half of the convolutions wiped", wiped)].map { name, present in
      let (weights, rewards) = try measure(present, space)
      return [
        "network": .string(name), "weights_seconds": .number(weights), "rewards_seconds": .number(rewards),
      ] as JSONValue
    }
    JSONValue.object([.init("rows", .array(rows))]).write()
  }

  /// The shortest processor time of each half of a step.
  private func measure(
    _ present: [[Bool]], _ space: NASBench201Space
  ) throws -> (weights: Double, rewards: Double) {
    let net = try Supernet(
      space.searchNetwork(present, batch: batch, hasAuxiliarySkips: false), batch: batch,
      recipe: Recipe(optimizer: .sgd(momentum: 0.9, nesterov: true), weightDecay: 3e-4), seed: 1,
      threads: threads)
    let pixels = (0..<batch * 3 * extent * extent).map { Float($0 % 17) / 8 - 1 }
    let labels = (0..<batch).map { $0 % 10 }
    let mixtures = present.map { row in row.map { $0 ? 1 / Double(row.count { $0 }) : 0 } }
    var shortest = (weights: Double.infinity, rewards: Double.infinity)
    for _ in 0..<steps {
      let start = clock()
      _ = try net.train(pixels, labels: labels, mixtures: mixtures, rate: 0.01)
      let middle = clock()
      _ = try net.rewards(pixels, labels: labels, mixtures: mixtures)
      let end = clock()
      let second = Double(CLOCKS_PER_SEC)
      shortest.weights = min(shortest.weights, Double(middle - start) / second)
      shortest.rewards = min(shortest.rewards, Double(end - middle) / second)
    }
    return shortest
  }
}
