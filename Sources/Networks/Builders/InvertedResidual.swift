import Graphs

/// The block of MobileNetV2, MobileNetV3 and EfficientNet: pointwise expansion, depthwise convolution, optional
/// squeeze-excitation, pointwise projection, and a shortcut where the shape stays.
///
/// Source: Sandler et al. 2018, arXiv:1801.04381.
struct InvertedResidual {
  /// Channels squeeze-excitation reduces to, and its two functions.
  struct Squeeze {
    var channels: Int
    var activation: UnaryFunction
    var gate: UnaryFunction
  }

  var expanded: Int
  var channels: Int
  var kernel: Int
  var stride: Int
  var activation: UnaryFunction
  var squeeze: Squeeze?
  var epsilon = 1e-5

  func add(to x: Value, in network: inout NetworkBuilder, name: String) throws(ShapeError) -> Value {
    let input = network.shape(x)[1]
    var y = x
    if expanded != input {
      y = try network.convolutionUnit(
        y, expanded, kernel: 1, epsilon: epsilon, activation: activation, name: "\(name).expand")
    }
    y = try network.convolutionUnit(
      y, expanded, kernel: kernel, stride: stride, groups: expanded, epsilon: epsilon,
      activation: activation, name: "\(name).depthwise")
    if let squeeze {
      y = try network.squeezeExcitation(
        y, squeeze.channels, activation: squeeze.activation, gate: squeeze.gate, name: "\(name).se")
    }
    y = try network.convolutionUnit(
      y, channels, kernel: 1, epsilon: epsilon, activation: nil, name: "\(name).project")
    guard stride == 1, input == channels else { return y }
    return try network.apply(Binary(.add), y, x, name: "\(name).add")
  }
}
