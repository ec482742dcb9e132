import Graphs

/// MobileNet: depthwise convolutions of 3 × 3, each followed by a pointwise one.
///
/// Source: Howard et al. 2017, arXiv:1704.04861, table 1.
struct MobileNetV1: NetworkArchitecture {
  func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    var x = try network.input("input", [batch] + input)
    x = try network.convolutionUnit(x, 32, kernel: 3, stride: 2, activation: .relu, name: "features.0")
    let blocks =
      [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)]
      + Array(repeating: (512, 1), count: 5) + [(1024, 2), (1024, 1)]
    for (index, (channels, stride)) in blocks.enumerated() {
      let name = "features.\(index + 1)"
      x = try network.convolutionUnit(
        x, network.shape(x)[1], kernel: 3, stride: stride, groups: network.shape(x)[1], activation: .relu,
        name: "\(name).depthwise")
      x = try network.convolutionUnit(
        x, channels, kernel: 1, activation: .relu, name: "\(name).pointwise")
    }
    x = try network.globalAveragePooling(x, name: "avgpool")
    network.output("logits", try network.linear(x, 1000, name: "classifier"))
  }
}
