package import Graphs

/// Residual networks for images of 32 × 32 pixels: three stages of 16, 32 and 64 channels, shortcuts without parameters.
///
/// Source: He et al. 2016, arXiv:1512.03385, section 4.2, shortcuts of kind A.
package struct SmallResNet: NetworkArchitecture {
  /// Residual blocks of each stage: 3 for ResNet-20.
  package var depth: Int
  package var classes: Int

  package init(depth: Int = 3, classes: Int = 10) {
    self.depth = depth
    self.classes = classes
  }

  package func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    var x = try network.input("input", [batch] + input)
    x = try network.convolution(x, 16, kernel: 3, bias: false, name: "conv1")
    x = try network.batchNormalization(x, name: "bn1")
    x = try network.apply(Unary(.relu), x, name: "relu")
    for stage in 0..<3 {
      for block in 0..<depth {
        x = try residualBlock(
          x, channels: 16 << stage, stride: stage > 0 && block == 0 ? 2 : 1, in: &network,
          name: "layer\(stage + 1).\(block)")
      }
    }
    x = try network.globalAveragePooling(x, name: "avgpool")
    network.output("logits", try network.linear(x, network.classes(classes), name: "fc"))
  }

  private func residualBlock(
    _ x: Value, channels: Int, stride: Int, in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value {
    var y = try network.convolution(
      x, channels, kernel: 3, stride: stride, bias: false, name: "\(name).conv1")
    y = try network.batchNormalization(y, name: "\(name).bn1")
    y = try network.apply(Unary(.relu), y, name: "\(name).relu1")
    y = try network.convolution(y, channels, kernel: 3, bias: false, name: "\(name).conv2")
    y = try network.batchNormalization(y, name: "\(name).bn2")
    let sum = try network.apply(
      Binary(.add), y, try shortcut(x, channels, stride, in: &network, name: name), name: "\(name).add")
    return try network.apply(Unary(.relu), sum, name: "\(name).relu")
  }

  /// Every second pixel, with channels of zeros on both sides.
  private func shortcut(
    _ x: Value, _ channels: Int, _ stride: Int, in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value {
    let shape = network.shape(x)
    guard stride != 1 || shape[1] != channels else { return x }
    let pixels = try network.apply(
      Slice(starts: [0, 0, 0, 0], ends: shape, steps: [1, 1, stride, stride]), x, name: "\(name).pixels")
    let before = (channels - shape[1]) / 2
    return try network.apply(
      Pad(before: [0, before, 0, 0], after: [0, channels - shape[1] - before, 0, 0]), pixels,
      name: "\(name).channels")
  }
}
