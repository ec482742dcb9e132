import FoundationEssentials
import Graphs
import Networks
import Training

/// A network with its weights, as the user named it: a checkpoint, an ONNX file, or a built-in network.
struct TrainedNetwork {
  var graph: Graph
  /// Elements of weights that the graph does not hold itself, by name.
  var values: [String: [Float]]
  /// The training that the weights come from, where the network is a checkpoint.
  var checkpoint: Checkpoint?

  /// Reads a network; `seed` draws the weights of a built-in one.
  ///
  /// - Throws: the error of the reader, or ``Failure`` for a name that means nothing.
  init(_ name: String, options: NetworkOptions, seed: UInt64? = nil) throws {
    if Self.isCheckpoint(name) {
      guard seed == nil, options.input.isEmpty else {
        throw Failure(
          .usage,
          "\(name): found \(seed == nil ? "--input" : "--seed"), expected neither --seed nor --input; a checkpoint has "
            + "its weights and the extents of its images")
      }
      let checkpoint = try Checkpoint(at: name)
      graph = try checkpoint.graph(batch: options.batch ?? 1)
      values = checkpoint.values.inUse
      self.checkpoint = checkpoint
      return
    }
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

  /// Whether a name means a checkpoint: a file of tensors, or a folder.
  private static func isCheckpoint(_ name: String) -> Bool {
    if name.hasSuffix(".safetensors") { return true }
    var isFolder = false
    return BuiltInNetworks.named(name) == nil
      && FileManager.default.fileExists(atPath: name, isDirectory: &isFolder) && isFolder
  }
}
