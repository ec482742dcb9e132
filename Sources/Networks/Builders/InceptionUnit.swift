import Graphs

/// A convolution of an inception block: channels, kernel and where it pads.
struct InceptionUnit: Hashable, Sendable {
  var channels: Int
  var height: Int
  var width: Int
  var stride = 1
  /// Whether the image keeps its extents; else only whole windows count.
  var keepsExtents = true

  init(_ channels: Int, _ height: Int, _ width: Int? = nil, stride: Int = 1, valid: Bool = false) {
    self.channels = channels
    self.height = height
    self.width = width ?? height
    self.stride = stride
    keepsExtents = !valid
  }
}

extension NetworkBuilder {
  /// Convolutions with batch normalisation and ReLU, one after the other.
  mutating func inceptionUnits(
    _ x: Value, _ units: [InceptionUnit], name: String
  ) throws(ShapeError) -> Value {
    var x = x
    for (index, unit) in units.enumerated() {
      let part = units.count == 1 ? name : "\(name).\(index)"
      let weights = parameter("\(part).weight", [unit.channels, shape(x)[1], unit.height, unit.width])
      let padding =
        unit.keepsExtents
        ? [Padding((unit.height - 1) / 2), Padding((unit.width - 1) / 2)] : [Padding(0), Padding(0)]
      let convolution = Convolution(
        strides: [unit.stride, unit.stride], padding: padding, dilations: [1, 1])
      x = try apply(convolution, x, weights, name: part)
      x = try batchNormalization(x, epsilon: 1e-3, name: "\(part).bn")
      x = try apply(Unary(.relu), x, name: "\(part).relu")
    }
    return x
  }

  /// Branches side by side, joined by their channels.
  mutating func inceptionBranches(
    _ x: Value, _ branches: [[InceptionUnit]], and others: [Value] = [], name: String
  ) throws(ShapeError) -> Value {
    var results: [Value] = []
    for (index, units) in branches.enumerated() {
      results.append(try inceptionUnits(x, units, name: "\(name).branch\(index)"))
    }
    return try apply(Concatenate(axis: 1), to: results + others, name: "\(name).concatenate")
  }

  /// The mean over 3 × 3 pixels and a convolution of one pixel.
  mutating func inceptionPooling(
    _ x: Value, _ channels: Int, countsPadding: Bool, name: String
  ) throws(ShapeError) -> Value {
    let mean = Pooling(
      .average(countsPadding: countsPadding), window: [3, 3], strides: [1, 1],
      padding: [Padding(1), Padding(1)])
    let pooled = try apply(mean, x, name: "\(name).pool")
    return try inceptionUnits(pooled, [InceptionUnit(channels, 1)], name: "\(name).project")
  }
}
