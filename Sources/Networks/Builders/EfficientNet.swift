import Graphs

/// EfficientNet-B0.
///
/// Source: Tan and Le 2019, arXiv:1905.11946, table 1.
struct EfficientNet: NetworkArchitecture {
  func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    var x = try network.input("input", [batch] + input)
    x = try network.convolutionUnit(x, 32, kernel: 3, stride: 2, activation: .silu, name: "features.0")
    // Expansion, kernel, stride, channels, blocks.
    let stages = [
      (1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 2, 80, 3), (6, 5, 1, 112, 3),
      (6, 5, 2, 192, 4), (6, 3, 1, 320, 1),
    ]
    for (index, stage) in stages.enumerated() {
      let (expansion, kernel, stride, channels, count) = stage
      for block in 0..<count {
        let input = network.shape(x)[1]
        x = try InvertedResidual(
          expanded: input * expansion, channels: channels, kernel: kernel, stride: block == 0 ? stride : 1,
          activation: .silu, squeeze: .init(channels: max(1, input / 4), activation: .silu, gate: .sigmoid)
        ).add(to: x, in: &network, name: "features.\(index + 1).\(block)")
      }
    }
    x = try network.convolutionUnit(x, 1280, kernel: 1, activation: .silu, name: "features.8")
    x = try network.globalAveragePooling(x, name: "avgpool")
    network.output("logits", try network.linear(x, network.classes(1000), name: "classifier.1"))
  }
}
