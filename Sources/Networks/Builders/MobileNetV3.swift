import Graphs

/// MobileNetV3 in its large form.
///
/// Source: Howard et al. 2019, arXiv:1905.02244, table 1; squeezed channels rounded as in torchvision.
struct MobileNetV3: NetworkArchitecture {
  /// Kernel, expanded channels, channels, squeeze-excitation, hard swish, stride.
  private static let blocks: [(Int, Int, Int, Bool, Bool, Int)] = [
    (3, 16, 16, false, false, 1), (3, 64, 24, false, false, 2), (3, 72, 24, false, false, 1),
    (5, 72, 40, true, false, 2), (5, 120, 40, true, false, 1), (5, 120, 40, true, false, 1),
    (3, 240, 80, false, true, 2), (3, 200, 80, false, true, 1), (3, 184, 80, false, true, 1),
    (3, 184, 80, false, true, 1), (3, 480, 112, true, true, 1), (3, 672, 112, true, true, 1),
    (5, 672, 160, true, true, 2), (5, 960, 160, true, true, 1), (5, 960, 160, true, true, 1),
  ]

  func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    let epsilon = 1e-3
    var x = try network.input("input", [batch] + input)
    x = try network.convolutionUnit(
      x, 16, kernel: 3, stride: 2, epsilon: epsilon, activation: .hardSwish, name: "features.0")
    for (index, block) in Self.blocks.enumerated() {
      let (kernel, expanded, channels, squeezes, usesHardSwish, stride) = block
      let squeeze = InvertedResidual.Squeeze(
        channels: multipleOf8(near: expanded / 4), activation: .relu,
        gate: .hardSigmoid(alpha: 1.0 / 6, beta: 0.5))
      x = try InvertedResidual(
        expanded: expanded, channels: channels, kernel: kernel, stride: stride,
        activation: usesHardSwish ? .hardSwish : .relu, squeeze: squeezes ? squeeze : nil, epsilon: epsilon
      ).add(to: x, in: &network, name: "features.\(index + 1)")
    }
    x = try network.convolutionUnit(
      x, 960, kernel: 1, epsilon: epsilon, activation: .hardSwish, name: "features.16")
    x = try network.globalAveragePooling(x, name: "avgpool")
    x = try network.linear(x, 1280, name: "classifier.0")
    x = try network.apply(Unary(.hardSwish), x, name: "classifier.1")
    network.output("logits", try network.linear(x, network.classes(1000), name: "classifier.3"))
  }

  /// The nearest multiple of 8 that is not more than a tenth smaller.
  private func multipleOf8(near channels: Int) -> Int {
    let nearest = max(8, (channels + 4) / 8 * 8)
    return nearest * 10 < channels * 9 ? nearest + 8 : nearest
  }
}
