import Graphs

/// YOLOv3 on Darknet-53, up to its three raw detection maps: 3 boxes of 5 numbers and one for each class.
///
/// Source: Redmon and Farhadi 2018, arXiv:1804.02767, table 1, and the configuration `yolov3` of its authors.
struct YOLOv3: NetworkArchitecture {
  var classes = 80

  func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    guard input[1] % 32 == 0, input[2] % 32 == 0 else {
      throw ShapeError(
        "input", found: "an image of \(input[1]) × \(input[2])", expected: "multiples of 32")
    }
    var x = try network.input("input", [batch] + input)
    x = try network.darknetUnit(x, 32, kernel: 3, name: "stem")
    var features: [Value] = []
    for (stage, count) in [1, 2, 8, 8, 4].enumerated() {
      let channels = 64 << stage
      x = try network.darknetUnit(x, channels, kernel: 3, stride: 2, name: "stage\(stage).down")
      for block in 0..<count {
        let name = "stage\(stage).\(block)"
        let y = try network.darknetUnit(x, channels / 2, kernel: 1, name: "\(name).0")
        let z = try network.darknetUnit(y, channels, kernel: 3, name: "\(name).1")
        x = try network.apply(Binary(.add), z, x, name: "\(name).add")
      }
      features.append(x)
    }
    var lateral: Value?
    for (level, width) in [512, 256, 128].enumerated() {
      let name = "head\(level)"
      let feature = features[4 - level]
      x =
        try lateral.map { value throws(ShapeError) in
          try merge(value, width, with: feature, in: &network, name: name)
        } ?? feature
      for unit in 0..<5 {
        let isWide = unit % 2 == 1
        x = try network.darknetUnit(
          x, isWide ? 2 * width : width, kernel: isWide ? 3 : 1, name: "\(name).\(unit)")
      }
      lateral = x
      let y = try network.darknetUnit(x, 2 * width, kernel: 3, name: "\(name).5")
      network.output(
        "detections\(level)",
        try network.convolution(y, 3 * (5 + classes), kernel: 1, name: "\(name).detect"))
    }
  }

  /// Half of a level's channels at twice its extents, beside the features of the level below.
  private func merge(
    _ x: Value, _ width: Int, with feature: Value, in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value {
    let y = try network.darknetUnit(x, width, kernel: 1, name: "\(name).lateral")
    let enlarged = Array(network.shape(y).prefix(2)) + network.shape(feature).suffix(2)
    let z = try network.apply(
      Resize(enlarged, mode: .nearest(.floor), coordinates: .asymmetric), y, name: "\(name).upsample")
    return try network.apply(Concatenate(axis: 1), z, feature, name: "\(name).concatenate")
  }
}

extension NetworkBuilder {
  /// Convolution, batch normalisation and leaky ReLU, as Darknet's networks have them.
  mutating func darknetUnit(
    _ x: Value, _ channels: Int, kernel: Int, stride: Int = 1, name: String
  ) throws(ShapeError) -> Value {
    try convolutionUnit(
      x, channels, kernel: kernel, stride: stride, activation: .leakyReLU(slope: 0.1), name: name)
  }
}
