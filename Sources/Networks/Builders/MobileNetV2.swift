import Graphs

/// MobileNetV2: inverted residuals with linear bottlenecks.
///
/// Source: Sandler et al. 2018, arXiv:1801.04381, table 2.
struct MobileNetV2: NetworkArchitecture {
  /// Factor of all channels; results are multiples of 8, and the last layer does not shrink.
  var width = 1.0

  func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    let relu6 = UnaryFunction.clamp(minimum: 0, maximum: 6)
    var x = try network.input("input", [batch] + input)
    x = try network.convolutionUnit(
      x, scaled(32), kernel: 3, stride: 2, activation: relu6, name: "features.0")
    let stages = [
      (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2),
      (6, 320, 1, 1),
    ]
    var index = 1
    for (expansion, channels, count, stride) in stages {
      for block in 0..<count {
        x = try InvertedResidual(
          expanded: network.shape(x)[1] * expansion, channels: scaled(channels), kernel: 3,
          stride: block == 0 ? stride : 1, activation: relu6
        ).add(to: x, in: &network, name: "features.\(index)")
        index += 1
      }
    }
    x = try network.convolutionUnit(
      x, scaled(1280, least: 1280), kernel: 1, activation: relu6, name: "features.\(index)")
    x = try network.globalAveragePooling(x, name: "avgpool")
    network.output("logits", try network.linear(x, network.classes(1000), name: "classifier.1"))
  }

  /// The nearest multiple of 8 that is not more than a tenth below.
  private func scaled(_ channels: Int, least: Int = 8) -> Int {
    let wanted = Double(channels) * width
    let nearest = max(8, Int(wanted + 4) / 8 * 8)
    return max(least, Double(nearest) < 0.9 * wanted ? nearest + 8 : nearest)
  }
}
