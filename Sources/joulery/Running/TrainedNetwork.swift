import Graphs
import Networks
import Training

/// A network with its weights, as the user named it: an ONNX file, or a built-in network.
struct TrainedNetwork {
  var graph: Graph
  /// Elements of weights that the graph does not hold itself, by name.
  var values: [String: [Float]]

  /// Reads a network; `seed` draws the weights of a built-in one.
  ///
  /// - Throws: the error of the reader, or ``Failure`` for a name that means nothing.
  init(_ name: String, options: NetworkOptions, seed: UInt64?) throws {
    guard BuiltInNetworks.named(name) == nil else {
      let network = try NetworkSource(name, options: options).graph
      graph = network
      values = seed.map { Initialization(seed: $0).values(for: network) } ?? [:]
      return
    }
    guard seed == nil else {
      throw Failure(.usage, "--seed: found with \(name), expected with a built-in network alone")
    }
    graph = try NetworkSource(name, options: options, readsWeights: true).graph
    values = [:]
  }
}
