import Graphs

/// FSRCNN(d, s, m): super-resolution that works on the small image and enlarges last.
///
/// Source: Dong et al. 2016, arXiv:1608.00367, section 3.2.
struct FSRCNN: NetworkArchitecture {
  /// Channels of the features, and of the features when shrunk.
  var features = 56
  var shrunk = 12
  /// Mapping layers.
  var depth = 4
  var scale = 2

  func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    var x = try network.input("input", [batch] + input)
    x = try rectified(x, features, kernel: 5, in: &network, name: "first_part")
    x = try rectified(x, shrunk, kernel: 1, in: &network, name: "mid_part.shrink")
    for layer in 1...depth {
      x = try rectified(x, shrunk, kernel: 3, in: &network, name: "mid_part.map\(layer)")
    }
    x = try rectified(x, features, kernel: 1, in: &network, name: "mid_part.expand")
    x = try network.transposedConvolution(
      x, input[0], kernel: 9, stride: scale, padding: 4, outputPadding: scale - 1, name: "last_part")
    network.output("image", x)
  }

  private func rectified(
    _ x: Value, _ channels: Int, kernel: Int, in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value {
    let y = try network.convolution(x, channels, kernel: kernel, name: name)
    let slope = network.parameter("\(name).prelu.weight", [channels, 1, 1])
    return try network.apply(PReLU(), y, slope, name: "\(name).prelu")
  }
}

/// EDSR: super-resolution by residual blocks without normalisation.
///
/// Source: Lim et al. 2017, arXiv:1707.02921, the baseline model; the shift by the data's mean is left to the caller.
struct EDSR: NetworkArchitecture {
  var channels = 64
  var depth = 16
  var scale = 2

  func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    let image = try network.input("input", [batch] + input)
    let head = try network.convolution(image, channels, kernel: 3, name: "head")
    var x = head
    for block in 0..<depth {
      var y = try network.convolution(x, channels, kernel: 3, name: "body.\(block).conv1")
      y = try network.apply(Unary(.relu), y, name: "body.\(block).relu")
      y = try network.convolution(y, channels, kernel: 3, name: "body.\(block).conv2")
      x = try network.apply(Binary(.add), y, x, name: "body.\(block).add")
    }
    x = try network.convolution(x, channels, kernel: 3, name: "body.\(depth)")
    x = try network.apply(Binary(.add), x, head, name: "body.add")
    x = try network.convolution(x, channels * scale * scale, kernel: 3, name: "tail.0")
    x = try network.apply(DepthToSpace(blockSize: scale, order: .depthFirst), x, name: "tail.1")
    network.output("image", try network.convolution(x, input[0], kernel: 3, name: "tail.2"))
  }
}
