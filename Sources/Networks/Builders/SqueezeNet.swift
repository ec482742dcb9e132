import Graphs

/// SqueezeNet 1.1: "fire" modules that squeeze the channels and expand them with 1 × 1 and 3 × 3 kernels.
///
/// Source: Iandola et al. 2016, arXiv:1602.07360; version 1.1 as its authors published it later.
struct SqueezeNet: NetworkArchitecture {
  func build(in network: inout NetworkBuilder, batch: Int, input: [Int]) throws(ShapeError) {
    var x = try network.input("input", [batch] + input)
    x = try rectified(x, 64, kernel: 3, stride: 2, padding: 0, in: &network, name: "features.0")
    // Squeezed and expanded channels of the fire modules between two poolings.
    let groups = [
      [(16, 64), (16, 64)], [(32, 128), (32, 128)], [(48, 192), (48, 192), (64, 256), (64, 256)],
    ]
    var index = 2
    for group in groups {
      x = try network.maximumPooling(
        x, window: 3, stride: 2, ceilMode: true, name: "features.\(index)")
      index += 1
      for (squeezed, expanded) in group {
        let name = "features.\(index)"
        let s = try rectified(x, squeezed, kernel: 1, in: &network, name: "\(name).squeeze")
        let small = try rectified(s, expanded, kernel: 1, in: &network, name: "\(name).expand1x1")
        let large = try rectified(s, expanded, kernel: 3, in: &network, name: "\(name).expand3x3")
        x = try network.apply(Concatenate(axis: 1), small, large, name: "\(name).concatenate")
        index += 1
      }
    }
    x = try rectified(x, network.classes(1000), kernel: 1, in: &network, name: "classifier.1")
    network.output("logits", try network.globalAveragePooling(x, name: "classifier.3"))
  }

  private func rectified(
    _ x: Value, _ channels: Int, kernel: Int, stride: Int = 1, padding: Int? = nil,
    in network: inout NetworkBuilder, name: String
  ) throws(ShapeError) -> Value {
    let y = try network.convolution(
      x, channels, kernel: kernel, stride: stride, padding: padding, name: name)
    return try network.apply(Unary(.relu), y, name: "\(name).relu")
  }
}
