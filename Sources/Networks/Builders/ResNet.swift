import Graphs

/// Residual networks, which differ by where a stage halves the image.
///
/// Source: He et al. 2016, arXiv:1512.03385; TensorFlow-Slim's `resnet_v1`.
struct ResNet: NetworkArchitecture {
  /// Residual blocks of each of the four stages.
  var depths: [Int]
  /// Whether blocks squeeze the channels by 4 around their 3 × 3 convolution.
  var hasBottlenecks: Bool
  var halving: Halving = .inKernel

  /// Where the image is halved.
  enum Halving: Hashable, Sendable {
    /// In the 3 × 3 convolution of a stage's first block, as torchvision does ("v1.5").
    case inKernel
    /// In the first convolution of a stage's first block, as the paper does ("v1").
    case inFirst
    /// In the 3 × 3 convolution of the last block of the stage before, as TensorFlow-Slim does.
    case inLastBlock
  }

  func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    var x = try network.input("input", [batch] + input)
    x = try network.convolution(x, 64, kernel: 7, stride: 2, bias: false, name: "conv1")
    x = try network.batchNormalization(x, name: "bn1")
    x = try network.apply(Unary(.relu), x, name: "relu")
    x = try network.maximumPooling(x, window: 3, stride: 2, padding: 1, name: "maxpool")
    for (stage, depth) in depths.enumerated() {
      for block in 0..<depth {
        let halves =
          halving == .inLastBlock
          ? stage < depths.count - 1 && block == depth - 1 : stage > 0 && block == 0
        x = try residualBlock(
          x, width: 64 << stage, stride: halves ? 2 : 1, in: &network, name: "layer\(stage + 1).\(block)")
      }
    }
    x = try network.globalAveragePooling(x, name: "avgpool")
    network.output("logits", try network.linear(x, network.classes(1000), name: "fc"))
  }

  private func residualBlock(
    _ x: Value, width: Int, stride: Int, in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value {
    let channels = hasBottlenecks ? width * 4 : width
    let (first, kernel) = halving == .inFirst ? (stride, 1) : (1, stride)
    let convolutions =
      hasBottlenecks
      ? [(width, 1, first), (width, 3, kernel), (channels, 1, 1)] : [(width, 3, stride), (width, 3, 1)]
    var y = x
    for (index, (channels, kernel, stride)) in convolutions.enumerated() {
      let number = index + 1
      y = try network.convolution(
        y, channels, kernel: kernel, stride: stride, bias: false, name: "\(name).conv\(number)")
      y = try network.batchNormalization(y, name: "\(name).bn\(number)")
      if number < convolutions.count {
        y = try network.apply(Unary(.relu), y, name: "\(name).relu\(number)")
      }
    }
    var shortcut = x
    if stride != 1, network.shape(x)[1] == channels, halving == .inLastBlock {
      shortcut = try network.maximumPooling(x, window: 1, stride: stride, name: "\(name).subsample")
    } else if stride != 1 || network.shape(x)[1] != channels {
      shortcut = try network.convolutionUnit(
        x, channels, kernel: 1, stride: stride, activation: nil, name: "\(name).downsample")
    }
    let sum = try network.apply(Binary(.add), y, shortcut, name: "\(name).add")
    return try network.apply(Unary(.relu), sum, name: "\(name).relu")
  }
}
