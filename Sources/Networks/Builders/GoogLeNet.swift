import Graphs

/// Inception v1: blocks that look at an image with kernels of several sizes side by side.
///
/// Source: Szegedy et al. 2015, arXiv:1409.4842, table 1; TensorFlow-Slim and torchvision have 3 × 3 kernels in place of
/// the paper's 5 × 5. Batch normalisation follows each convolution, and the auxiliary classifiers are left out.
struct GoogLeNet: NetworkArchitecture {
  /// Extent of the larger kernel in a block.
  var largeKernel: Int

  /// Channels of a block: one pixel; reduced and 3 × 3; reduced and large kernel; behind the pooling.
  private typealias Block = (Int, (Int, Int), (Int, Int), Int)

  func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    var x = try network.input("input", [batch] + input)
    x = try network.convolutionUnit(x, 64, kernel: 7, stride: 2, activation: .relu, name: "conv1")
    x = try pool(x, in: &network, name: "pool1")
    x = try network.convolutionUnit(x, 64, kernel: 1, activation: .relu, name: "conv2")
    x = try network.convolutionUnit(x, 192, kernel: 3, activation: .relu, name: "conv3")
    let stages: [[Block]] = [
      [(64, (96, 128), (16, 32), 32), (128, (128, 192), (32, 96), 64)],
      [
        (192, (96, 208), (16, 48), 64), (160, (112, 224), (24, 64), 64), (128, (128, 256), (24, 64), 64),
        (112, (144, 288), (32, 64), 64), (256, (160, 320), (32, 128), 128),
      ],
      [(256, (160, 320), (32, 128), 128), (384, (192, 384), (48, 128), 128)],
    ]
    for (stage, blocks) in stages.enumerated() {
      x =
        stage < 2
        ? try pool(x, in: &network, name: "pool\(stage + 2)")
        : try network.maximumPooling(x, window: 2, stride: 2, ceilMode: true, name: "pool4")
      for (index, block) in blocks.enumerated() {
        x = try inception(
          x, block, in: &network, name: "inception\(stage + 3)\(["a", "b", "c", "d", "e"][index])")
      }
    }
    x = try network.globalAveragePooling(x, name: "avgpool")
    network.output("logits", try network.linear(x, 1000, name: "fc"))
  }

  private func pool(
    _ x: Value, in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value {
    try network.maximumPooling(x, window: 3, stride: 2, ceilMode: true, name: name)
  }

  private func inception(
    _ x: Value, _ block: Block, in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value {
    func unit(_ x: Value, _ channels: Int, _ kernel: Int, _ part: String) throws(ShapeError) -> Value {
      try network.convolutionUnit(
        x, channels, kernel: kernel, activation: .relu, name: "\(name).\(part)")
    }
    let one = try unit(x, block.0, 1, "one")
    let medium = try unit(try unit(x, block.1.0, 1, "reduce3"), block.1.1, 3, "medium")
    let large = try unit(try unit(x, block.2.0, 1, "reduce5"), block.2.1, largeKernel, "large")
    let pooled = try network.maximumPooling(x, window: 3, stride: 1, padding: 1, name: "\(name).pool")
    let last = try unit(pooled, block.3, 1, "project")
    return try network.apply(
      Concatenate(axis: 1), to: [one, medium, large, last], name: "\(name).concatenate")
  }
}
