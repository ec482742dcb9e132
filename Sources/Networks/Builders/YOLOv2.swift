import Graphs

/// YOLOv2 on Darknet-19, up to its raw detection map: 5 boxes of 5 numbers and one for each class.
///
/// Source: Redmon and Farhadi 2017, arXiv:1612.08242, and the configuration `yolov2-voc` of its authors.
struct YOLOv2: NetworkArchitecture {
  var classes = 80

  func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    guard input[1] % 32 == 0, input[2] % 32 == 0 else {
      throw ShapeError(
        "input", found: "an image of \(input[1]) × \(input[2])", expected: "multiples of 32")
    }
    var x = try network.input("input", [batch] + input)
    var fine = x
    // Channels of the stages between two poolings; those of odd places see one pixel.
    let stages = [
      [32], [64], [128, 64, 128], [256, 128, 256], [512, 256, 512, 256, 512],
      [1024, 512, 1024, 512, 1024],
    ]
    for (stage, widths) in stages.enumerated() {
      if stage > 0 { x = try network.maximumPooling(x, window: 2, stride: 2, name: "pool\(stage)") }
      for (unit, channels) in widths.enumerated() {
        x = try network.darknetUnit(
          x, channels, kernel: unit % 2 == 0 ? 3 : 1, name: "stage\(stage).\(unit)")
      }
      if stage == 4 { fine = x }
    }
    for unit in 0..<2 { x = try network.darknetUnit(x, 1024, kernel: 3, name: "head.\(unit)") }
    let passed = try network.darknetUnit(fine, 64, kernel: 1, name: "passthrough")
    let gathered = try spaceToDepth(passed, in: &network, name: "passthrough")
    x = try network.apply(Concatenate(axis: 1), gathered, x, name: "concatenate")
    x = try network.darknetUnit(x, 1024, kernel: 3, name: "head.2")
    network.output(
      "detections", try network.convolution(x, 5 * (5 + classes), kernel: 1, name: "detect"))
  }

  /// Each square of 2 × 2 pixels as four times the channels.
  private func spaceToDepth(
    _ x: Value, in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value {
    let shape = network.shape(x)
    let (height, width) = (shape[2] / 2, shape[3] / 2)
    let split = try network.reshape(x, [shape[0], shape[1], height, 2, width, 2], name: "\(name).split")
    let moved = try network.apply(Transpose([0, 1, 3, 5, 2, 4]), split, name: "\(name).transpose")
    return try network.reshape(moved, [shape[0], shape[1] * 4, height, width], name: "\(name).join")
  }
}
