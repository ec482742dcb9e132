package import Graphs

/// A network of inverted residual blocks in stages, each of which has its own depth, width, kernel and expansion.
///
/// Every stage but the first begins with a block of stride 2. Sources: Sandler et al. 2018, arXiv:1801.04381; the choices are
/// those of Tan et al. 2019, arXiv:1807.11626.
package struct MobileNetwork: NetworkArchitecture {
  /// Equal blocks one after another.
  package struct Stage: Hashable, Sendable {
    /// Blocks.
    package var depth: Int
    package var channels: Int
    package var kernel: Int
    /// Channels of the depthwise convolution by those of the block's input.
    package var expansion: Int

    package init(depth: Int, channels: Int, kernel: Int, expansion: Int) {
      self.depth = depth
      self.channels = channels
      self.kernel = kernel
      self.expansion = expansion
    }
  }

  package var stages: [Stage]
  /// Channels behind the first convolution.
  package var stem: Int
  package var classes: Int

  package init(stages: [Stage], stem: Int, classes: Int) {
    self.stages = stages
    self.stem = stem
    self.classes = classes
  }

  /// The inference graph.
  /// - Throws: `ShapeError` where the network does not fit the input.
  package func graph(name: String, batch: Int, input: [Int]) throws(ShapeError) -> Graph {
    var network = NetworkBuilder(name: name)
    try build(in: &network, batch: batch, input: input)
    return network.graph
  }

  package func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    var x = try network.input("input", [batch] + input)
    x = try network.convolutionUnit(x, stem, kernel: 3, activation: .relu, name: "stem")
    for (index, stage) in stages.enumerated() {
      for block in 0..<stage.depth {
        x = try InvertedResidual(
          expanded: network.shape(x)[1] * stage.expansion, channels: stage.channels, kernel: stage.kernel,
          stride: index > 0 && block == 0 ? 2 : 1, activation: .relu
        ).add(to: x, in: &network, name: "stage\(index + 1).block\(block + 1)")
      }
    }
    x = try network.convolutionUnit(
      x, 4 * network.shape(x)[1], kernel: 1, activation: .relu, name: "last")
    x = try network.globalAveragePooling(x, name: "avgpool")
    network.output("logits", try network.linear(x, network.classes(classes), name: "classifier"))
  }
}
