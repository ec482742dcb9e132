import Graphs

/// ConvNeXt: depthwise convolutions of 7 × 7 and perceptrons over the channels.
///
/// Source: Liu et al. 2022, arXiv:2201.03545.
struct ConvNeXt: NetworkArchitecture {
  /// Channels and blocks of each stage.
  var stages: [(channels: Int, depth: Int)]

  static let tiny = ConvNeXt(stages: [(96, 3), (192, 3), (384, 9), (768, 3)])

  func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    var x = try network.input("input", [batch] + input)
    for (index, stage) in stages.enumerated() {
      let (stem, kernel) = ("features.\(2 * index)", index == 0 ? 4 : 2)
      if index > 0 { x = try channelNormalization(x, in: &network, name: "\(stem).0") }
      x = try network.convolution(
        x, stage.channels, kernel: kernel, stride: kernel, padding: 0, name: "\(stem).1")
      if index == 0 { x = try channelNormalization(x, in: &network, name: "\(stem).2") }
      for block in 0..<stage.depth {
        x = try self.block(x, in: &network, name: "features.\(2 * index + 1).\(block)")
      }
    }
    x = try network.apply(Reduce(.mean, axes: [2, 3], keepsDimensions: false), x, name: "avgpool")
    x = try network.layerNormalization(x, epsilon: 1e-6, name: "classifier.0")
    network.output("logits", try network.linear(x, network.classes(1000), name: "classifier.2"))
  }

  private func block(
    _ x: Value, in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value {
    let channels = network.shape(x)[1]
    var y = try network.convolution(x, channels, kernel: 7, groups: channels, name: "\(name).block.0")
    y = try network.apply(Transpose([0, 2, 3, 1]), y, name: "\(name).block.1")
    y = try network.layerNormalization(y, epsilon: 1e-6, name: "\(name).block.2")
    y = try network.perceptron(
      y, hidden: 4 * channels, activation: .gelu(approximatesWithTanh: false),
      names: ("\(name).block.3", "\(name).block.5"))
    y = try network.apply(Transpose([0, 3, 1, 2]), y, name: "\(name).block.6")
    let scale = network.parameter("\(name).layer_scale", [channels, 1, 1])
    y = try network.apply(Binary(.multiply), y, scale, name: "\(name).layer_scale")
    return try network.apply(Binary(.add), y, x, name: "\(name).add")
  }

  /// Layer normalisation over the channels of an image.
  private func channelNormalization(
    _ x: Value, in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value {
    let channelsLast = try network.apply(Transpose([0, 2, 3, 1]), x, name: "\(name).channels_last")
    let y = try network.layerNormalization(channelsLast, epsilon: 1e-6, name: name)
    return try network.apply(Transpose([0, 3, 1, 2]), y, name: "\(name).channels_first")
  }
}
