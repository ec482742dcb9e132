package import Graphs

/// Ranges of a network's activations, seen on some batches.
package struct Calibration: Sendable {
  /// What each value held, for the values of ``FloatLayers``.
  package private(set) var statistics: [Value: ActivationStatistics] = [:]
  /// The network with contents for all constants and without batch normalisation behind convolutions.
  package let network: Graph

  /// Runs a network on batches of its first input, twice: for the ranges, then for the distributions.
  ///
  /// - Throws: ``PlanError`` or `ShapeError` where the engine does not run the network, or there is no batch.
  package init(
    _ network: Graph, values: [String: [Float]], batches: [[Float]], threads: Int = 2
  ) throws {
    guard !batches.isEmpty else {
      throw PlanError("calibration of '\(network.name)'", found: "no batches", expected: "at least 1")
    }
    self.network = try NormalizationFolding().applied(to: network.settingValues(values))
    let layers = FloatLayers(self.network)
    let observed = layers.observed
    var probe = self.network
    probe.outputs = observed.enumerated().map { Graph.Output(name: "\($0)", value: $1) }
    let execution = try Execution(Plan(probe, threads: threads))
    for isCounting in [false, true] {
      for batch in batches {
        try execution.write(batch, toInput: 0)
        execution.run()
        for (index, value) in observed.enumerated() {
          if isCounting {
            statistics[value]?.count(execution.output(index))
          } else {
            statistics[value, default: ActivationStatistics()].observeRange(execution.output(index))
          }
        }
      }
    }
  }

  private init(network: Graph, statistics: [Value: ActivationStatistics]) {
    self.network = network
    self.statistics = statistics
  }

  /// The same ranges for the network on batches of another size.
  ///
  /// - Throws: ``PlanError`` where the other network has other nodes.
  package func applied(to other: Graph, values: [String: [Float]]) throws -> Calibration {
    let folded = try NormalizationFolding().applied(to: other.settingValues(values))
    guard folded.nodes.map(\.name) == network.nodes.map(\.name) else {
      throw PlanError(
        "calibration of '\(network.name)'", found: "other nodes for another batch",
        expected: "a network that is the same for every batch")
    }
    return Calibration(network: folded, statistics: statistics)
  }
}
