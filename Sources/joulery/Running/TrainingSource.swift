import Formats
import FoundationEssentials
import Graphs
import Networks

/// A network that can be made for batches of any size: a built-in one, or an ONNX file with its weights.
struct TrainingSource {
  let name: String
  private let builtIn: BuiltInNetwork?
  private let model: ONNXModel?

  /// - Throws: the error of the reader, or ``Failure`` for a name that means nothing.
  init(_ name: String) throws {
    self.name = name
    builtIn = BuiltInNetworks.named(name)
    if builtIn != nil {
      model = nil
    } else if name.hasSuffix(".onnx") || FileManager.default.fileExists(atPath: name) {
      model = try ONNXModel(contentsOf: name)
    } else {
      let near = nearest(to: name, among: BuiltInNetworks.all.map(\.name))
      throw Failure(
        .notFound,
        "\(name): found no file and no built-in network of this name, expected an ONNX file or a built-in name; try "
          + "\(near.map { "'\($0)', or " } ?? "")'joulery list networks'")
    }
  }

  /// The graph for batches of images of extents `[channels, height, width]`; a built-in classifier gets the classes given.
  func graph(batch: Int, imageShape: [Int], classes: Int) throws -> Graph {
    if let builtIn { return try builtIn.graph(batch: batch, inputShape: imageShape, classes: classes) }
    guard let model else { throw Failure(.internal, "\(name): found no network, expected one that was read") }
    return try model.graph(ONNXImportOptions(batch: batch, readsWeights: true))
  }
}
