import Graphs

/// The U-Net: a path down and a path up with shortcuts between images of the same size.
///
/// Source: Ronneberger et al. 2015, arXiv:1505.04597, with padded convolutions and batch normalisation as in common
/// implementations: widths 64 … 1024, transposed convolutions of 2 × 2, two classes.
struct UNet: NetworkArchitecture {
  var width: Int
  var depth: Int
  var classes: Int

  static let classic = UNet(width: 64, depth: 4, classes: 2)

  func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    guard input[1] % (1 << depth) == 0, input[2] % (1 << depth) == 0 else {
      throw ShapeError(
        "input", found: "an image of \(input[1]) × \(input[2])", expected: "multiples of \(1 << depth)")
    }
    var x = try network.input("input", [batch] + input)
    x = try doubleConvolution(x, width, in: &network, name: "inc")
    var shortcuts: [Value] = []
    for level in 1...depth {
      shortcuts.append(x)
      x = try network.maximumPooling(x, window: 2, stride: 2, name: "down\(level).pool")
      x = try doubleConvolution(x, width << level, in: &network, name: "down\(level)")
    }
    for level in 1...depth {
      let channels = width << (depth - level)
      x = try network.transposedConvolution(x, channels, kernel: 2, stride: 2, name: "up\(level).up")
      x = try network.apply(
        Concatenate(axis: 1), shortcuts.removeLast(), x, name: "up\(level).concatenate")
      x = try doubleConvolution(x, channels, in: &network, name: "up\(level)")
    }
    network.output("mask", try network.convolution(x, classes, kernel: 1, name: "outc"))
  }

  private func doubleConvolution(
    _ x: Value, _ channels: Int, in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value {
    let y = try network.convolutionUnit(
      x, channels, kernel: 3, activation: .relu, name: "\(name).double_conv1")
    return try network.convolutionUnit(
      y, channels, kernel: 3, activation: .relu, name: "\(name).double_conv2")
  }
}
