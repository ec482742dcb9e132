import Graphs

/// VGG: convolutions of 3 × 3 in blocks that halve the image.
///
/// Source: Simonyan and Zisserman 2014, arXiv:1409.1556.
struct VGG: NetworkArchitecture {
  /// Channels and number of convolutions of each block.
  var blocks: [(channels: Int, count: Int)]

  static let vgg19 = VGG(blocks: [(64, 2), (128, 2), (256, 4), (512, 4), (512, 4)])
  static let vgg16 = VGG(blocks: [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)])

  func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    var x = try network.input("input", [batch] + input)
    for (index, block) in blocks.enumerated() {
      for layer in 1...block.count {
        let name = "features.conv\(index + 1)_\(layer)"
        x = try network.convolution(x, block.channels, kernel: 3, name: name)
        x = try network.apply(Unary(.relu), x, name: "\(name).relu")
      }
      x = try network.maximumPooling(x, window: 2, stride: 2, name: "features.pool\(index + 1)")
    }
    x = try network.averagePooling(x, to: 7, name: "avgpool")
    try network.wideClassifier(x)
  }
}
