import Graphs

/// DenseNet: each layer sees the results of all layers of its block.
///
/// Source: Huang et al. 2017, arXiv:1608.06993.
struct DenseNet: NetworkArchitecture {
  /// Layers of each block.
  var depths: [Int]
  /// Channels that each layer adds.
  var growth: Int

  static let densenet121 = DenseNet(depths: [6, 12, 24, 16], growth: 32)

  func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    var x = try network.input("input", [batch] + input)
    x = try network.convolution(
      x, 2 * growth, kernel: 7, stride: 2, bias: false, name: "features.conv0")
    x = try network.batchNormalization(x, name: "features.norm0")
    x = try network.apply(Unary(.relu), x, name: "features.relu0")
    x = try network.maximumPooling(x, window: 3, stride: 2, padding: 1, name: "features.pool0")
    for (index, depth) in depths.enumerated() {
      x = try denseBlock(x, depth: depth, in: &network, name: "features.denseblock\(index + 1)")
      if index + 1 < depths.count {
        let name = "features.transition\(index + 1)"
        x = try preactivated(x, network.shape(x)[1] / 2, kernel: 1, in: &network, name: name, suffix: "")
        x = try network.apply(
          Pooling(.average(countsPadding: true), window: 2, stride: 2), x, name: "\(name).pool")
      }
    }
    x = try network.batchNormalization(x, name: "features.norm5")
    x = try network.apply(Unary(.relu), x, name: "relu")
    x = try network.globalAveragePooling(x, name: "avgpool")
    network.output("logits", try network.linear(x, network.classes(1000), name: "classifier"))
  }

  private func denseBlock(
    _ x: Value, depth: Int, in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value {
    var features = [x]
    for layer in 1...depth {
      let name = "\(name).denselayer\(layer)"
      var y = x
      if layer > 1 {
        y = try network.apply(Concatenate(axis: 1), to: features, name: "\(name).concatenate")
      }
      y = try preactivated(y, 4 * growth, kernel: 1, in: &network, name: name, suffix: "1")
      y = try preactivated(y, growth, kernel: 3, in: &network, name: name, suffix: "2")
      features.append(y)
    }
    return try network.apply(Concatenate(axis: 1), to: features, name: "\(name).concatenate")
  }

  /// Normalisation and rectifier, then the convolution.
  private func preactivated(
    _ x: Value, _ channels: Int, kernel: Int, in network: inout NetworkBuilder, name: String, suffix: String
  ) throws(ShapeError) -> Value {
    let normalized = try network.batchNormalization(x, name: "\(name).norm\(suffix)")
    let active = try network.apply(Unary(.relu), normalized, name: "\(name).relu\(suffix)")
    return try network.convolution(
      active, channels, kernel: kernel, bias: false, name: "\(name).conv\(suffix)")
  }
}
