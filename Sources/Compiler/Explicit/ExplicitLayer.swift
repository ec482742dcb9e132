import Graphs

/// A convolution or matrix product that an explicit mapping tiles.
struct ExplicitLayer: Hashable, Sendable {
  var name: String
  var operatorName: String
  var extents: LoopExtents
  /// Rows and columns of the input, without padding.
  var input: ConvolutionNest.Extent
  var stride: ConvolutionNest.Extent
  var padding: ConvolutionNest.Extent
  /// Whether a sum starts with a bias of its output channel.
  var hasBias = false
  var weightCount: Int {
    extents[.kernelRow] * extents[.kernelColumn] * extents[.inputChannel] * extents[.outputChannel]
  }
  /// Whether Gemmini's software runs it as a matrix product: one, or a convolution of 1 × 1 over a single row.
  var isProduct: Bool {
    extents[.kernelRow] == 1 && extents[.kernelColumn] == 1 && extents[.row] == 1 && stride.area == 1
      && padding.area == 0
  }

  /// The layers of a graph in order.
  ///
  /// - Throws: ``CompileError`` of kind `unsupported` where the graph holds none, or an operation without such a tiling.
  static func layers(of graph: Graph) throws(CompileError) -> [ExplicitLayer] {
    let anchors = graph.nodes.indices.filter { graph.nodes[$0].isProduct }
    guard !anchors.isEmpty else { throw unsupported("network '\(graph.name)'", "none of them") }
    var layers: [ExplicitLayer] = []
    for anchor in anchors { layers.append(try ExplicitLayer(graph.nodes[anchor], of: graph)) }
    for other in graph.nodes where !other.isProduct && !(other.primitive is Reshape) {
      let position = anchors.firstIndex { other.operands.first == Value(.node($0, result: 0)) }
      guard let position, (other.primitive as? Binary)?.function == .add,
        graph.type(of: other.operands[1]).count
          == graph.nodes[anchors[position]].resultTypes[0].shape.dropFirst().first
      else { throw unsupported(other.name, "an operation that does not add a bias") }
      layers[position].hasBias = true
    }
    return layers
  }

  private static func unsupported(_ place: String, _ found: String) -> CompileError {
    CompileError(
      .unsupported, place: place, found: found,
      expected: "convolutions and matrix products, with or without bias, without batch, groups or dilation",
      remedy: "cut the layers out, or leave the mapping to the compiler")
  }

  /// The layer of a node.
  private init(_ node: Node, of graph: Graph) throws(CompileError) {
    guard let work = graph.work(of: node).first, graph.work(of: node).count == 1 else {
      throw Self.unsupported(node.name, "several loop nests")
    }
    name = node.name
    extents = LoopExtents()
    switch work {
    case .convolution(let nest):
      guard nest.batch == 1, nest.groups == 1, nest.kernelDepth == 1, !nest.isTransposed,
        nest.dilation.area == 1
      else { throw Self.unsupported(node.name, "a convolution of another kind") }
      operatorName = "convolution"
      extents[.kernelRow] = nest.kernel.height
      extents[.kernelColumn] = nest.kernel.width
      extents[.row] = nest.output.height
      extents[.column] = nest.output.width
      extents[.inputChannel] = nest.inputChannels
      extents[.outputChannel] = nest.outputChannels
      input = nest.input
      stride = nest.stride
      padding = nest.padding
    case .matrixProduct(let nest):
      guard nest.batch == 1 else { throw Self.unsupported(node.name, "\(nest.batch) matrix products") }
      operatorName = "matrixProduct"
      extents[.column] = nest.m
      extents[.inputChannel] = nest.k
      extents[.outputChannel] = nest.n
      input = ConvolutionNest.Extent(1, nest.m)
      stride = ConvolutionNest.Extent(1, 1)
      padding = ConvolutionNest.Extent(0, 0)
    default:
      throw Self.unsupported(node.name, "neither")
    }
  }
}

extension Node {
  fileprivate var isProduct: Bool { primitive is Convolution || primitive is MatrixProduct }
}
