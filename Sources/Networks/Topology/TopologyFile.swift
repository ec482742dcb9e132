package import Formats
import FoundationEssentials
package import Graphs

/// A SCALE-Sim topology: layers that do not feed each other.
///
/// Two layouts, told apart by their headings: convolutions (`Layer name, IFMAP Height, IFMAP Width, Filter Height,
/// Filter Width, Channels, Num Filter, Strides`) and matrix products (`Layer, M, N, K`), both with an optional
/// column `Sparsity`. Source: SCALE-Sim 3, github.com/scalesim-project/SCALE-Sim, topologies/.
package struct TopologyFile: Hashable, Sendable {
  package var path: String
  package var layers: [TopologyLayer]

  /// Reads a file.
  ///
  /// - Throws: ``FormatError`` with everything that is wrong, each at line and column.
  package init(contentsOf path: String) throws(FormatError) {
    guard let length = FileBytes.length(of: path), length <= Self.largestFile,
      let bytes = FileBytes.read(0..<length, of: path)
    else {
      throw FormatError([
        Diagnostic(
          at: Place(source: path), "the file cannot be read",
          expected: "a readable topology of at most \(Self.largestFile >> 20) MiB")
      ])
    }
    try self.init(text: String(decoding: bytes, as: UTF8.self), path: path)
  }

  /// Reads the text of a file.
  package init(text: String, path: String) throws(FormatError) {
    self.path = path
    var reader = TopologyReader(path: path)
    layers = reader.layers(of: text)
    guard reader.diagnostics.isEmpty else { throw FormatError(reader.diagnostics) }
    guard !layers.isEmpty else {
      throw FormatError([
        Diagnostic(at: Place(source: path), "no layers", expected: "a heading and at least one layer")
      ])
    }
  }

  private static let largestFile = 16 << 20

  /// The layers as a graph of nodes that stand alone: each has an input, a weight and an output of its own.
  ///
  /// - Throws: ``FormatError`` for a layer that is beyond what a graph can hold.
  package func graph(name: String? = nil) throws(FormatError) -> Graph {
    var graph = Graph(
      name: name ?? URL(filePath: path).deletingPathExtension().lastPathComponent)
    for layer in layers {
      do throws(ShapeError) {
        let result = try Self.add(layer, to: &graph)
        graph.outputs.append(Graph.Output(name: layer.name, value: result))
      } catch {
        throw FormatError([Diagnostic(at: layer.place, error.found, expected: error.expected)])
      }
    }
    return graph
  }

  private static func add(_ layer: TopologyLayer, to graph: inout Graph) throws(ShapeError) -> Value {
    let (input, weights) = ("\(layer.name).input", "\(layer.name).weight")
    switch layer.shape {
    case .convolution(let shape):
      let x = graph.addInput(input, TensorType([1, shape.channels, shape.input.height, shape.input.width]))
      let w = graph.addConstant(
        weights, TensorType([shape.filters, shape.channels, shape.filter.height, shape.filter.width]),
        sparsity: layer.sparsity)
      let primitive = Convolution(
        strides: [shape.stride, shape.stride], padding: shape.padding, dilations: [1, 1])
      return try graph.add(primitive, x, w, name: layer.name)
    case .matrixProduct(let m, let n, let k):
      let x = graph.addInput(input, TensorType([m, k]))
      let w = graph.addConstant(weights, TensorType([k, n]), sparsity: layer.sparsity)
      return try graph.add(MatrixProduct(), x, w, name: layer.name)
    }
  }
}
