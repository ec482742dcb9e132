import Graphs

/// MobileNet: depthwise convolutions of 3 × 3, each followed by a pointwise one.
///
/// Source: Howard et al. 2017, arXiv:1704.04861, table 1.
struct MobileNetV1: NetworkArchitecture {
  /// Factor of all channels.
  var width = 1.0
  var classes = 1000

  func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    try build(on: try network.input("input", [batch] + input), in: &network)
  }

  /// Adds the layers on an image.
  func build(on image: Value, in network: inout NetworkBuilder) throws(ShapeError) {
    var x = image
    x = try network.convolutionUnit(
      x, scaled(32), kernel: 3, stride: 2, activation: .relu, name: "features.0")
    let blocks =
      [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)]
      + Array(repeating: (512, 1), count: 5) + [(1024, 2), (1024, 1)]
    for (index, (channels, stride)) in blocks.enumerated() {
      let name = "features.\(index + 1)"
      x = try network.convolutionUnit(
        x, network.shape(x)[1], kernel: 3, stride: stride, groups: network.shape(x)[1], activation: .relu,
        name: "\(name).depthwise")
      x = try network.convolutionUnit(
        x, scaled(channels), kernel: 1, activation: .relu, name: "\(name).pointwise")
    }
    x = try network.globalAveragePooling(x, name: "avgpool")
    network.output("logits", try network.linear(x, network.classes(classes), name: "classifier"))
  }

  private func scaled(_ channels: Int) -> Int { max(8, Int(Double(channels) * width)) }
}
