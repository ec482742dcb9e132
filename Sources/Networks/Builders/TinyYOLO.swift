import Graphs

/// YOLOv3-tiny up to its two raw detection maps: 3 boxes of 5 numbers and one for each class.
///
/// Source: Redmon and Farhadi 2018, arXiv:1804.02767, and the configuration `yolov3-tiny` that its authors published.
struct TinyYOLO: NetworkArchitecture {
  var classes = 80

  func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    guard input[1] % 32 == 0, input[2] % 32 == 0 else {
      throw ShapeError(
        "input", found: "an image of \(input[1]) × \(input[2])", expected: "multiples of 32")
    }
    var x = try network.input("input", [batch] + input)
    for (index, channels) in [16, 32, 64, 128].enumerated() {
      x = try unit(x, channels, kernel: 3, in: &network, name: "conv\(index + 1)")
      x = try network.maximumPooling(x, window: 2, stride: 2, name: "pool\(index + 1)")
    }
    let fine = try unit(x, 256, kernel: 3, in: &network, name: "conv5")
    x = try network.maximumPooling(fine, window: 2, stride: 2, name: "pool5")
    x = try unit(x, 512, kernel: 3, in: &network, name: "conv6")
    let keepsExtents = Pooling(
      .maximum, window: [2, 2], strides: [1, 1], padding: [Padding(0, 1), Padding(0, 1)])
    x = try network.apply(keepsExtents, x, name: "pool6")
    x = try unit(x, 1024, kernel: 3, in: &network, name: "conv7")
    let coarse = try unit(x, 256, kernel: 1, in: &network, name: "conv8")
    x = try unit(coarse, 512, kernel: 3, in: &network, name: "conv9")
    network.output("coarse", try network.convolution(x, 3 * (5 + classes), kernel: 1, name: "conv10"))

    x = try unit(coarse, 128, kernel: 1, in: &network, name: "conv11")
    let enlarged = Array(network.shape(x).prefix(2)) + network.shape(fine).suffix(2)
    x = try network.apply(
      Resize(enlarged, mode: .nearest(.floor), coordinates: .asymmetric), x, name: "upsample")
    x = try network.apply(Concatenate(axis: 1), x, fine, name: "concatenate")
    x = try unit(x, 256, kernel: 3, in: &network, name: "conv12")
    network.output("fine", try network.convolution(x, 3 * (5 + classes), kernel: 1, name: "conv13"))
  }

  private func unit(
    _ x: Value, _ channels: Int, kernel: Int, in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value {
    try network.convolutionUnit(
      x, channels, kernel: kernel, activation: .leakyReLU(slope: 0.1), name: name)
  }
}
