import Graphs

/// Layers of the cells that DARTS searches and builds.
///
/// A search network is normalised without learned scale and shift, so that no operation can grow by itself; `isLearned` says
/// that both are learned, as in networks that were found.
extension NetworkBuilder {
  /// Batch normalisation, with or without learned scale and shift.
  mutating func cellNormalization(_ x: Value, isLearned: Bool, name: String) throws(ShapeError) -> Value {
    guard !isLearned else { return try batchNormalization(x, name: name) }
    let channels = TensorType([shape(x)[1]])
    func numbers(_ value: Float) -> [UInt8] {
      littleEndianBytes(Array(repeating: value.bitPattern, count: channels.count))
    }
    let scale = constant("\(name).scale", channels, bytes: numbers(1))
    let shift = constant("\(name).shift", channels, bytes: numbers(0))
    let mean = constant("\(name).running_mean", channels)
    let variance = constant("\(name).running_var", channels)
    return try apply(BatchNormalization(), x, scale, shift, mean, variance, name: name)
  }

  /// ReLU, a product over channels and normalisation.
  mutating func pointwiseUnit(
    _ x: Value, _ channels: Int, isLearned: Bool = true, name: String
  ) throws(ShapeError) -> Value {
    let active = try apply(Unary(.relu), x, name: "\(name).relu")
    let y = try convolution(active, channels, kernel: 1, bias: false, name: "\(name).conv")
    return try cellNormalization(y, isLearned: isLearned, name: "\(name).norm")
  }

  /// Half the resolution without losing every second pixel: two products over pixels that are one apart.
  mutating func factorizedReduction(
    _ x: Value, _ channels: Int, isLearned: Bool = true, name: String
  ) throws(ShapeError) -> Value {
    let active = try apply(Unary(.relu), x, name: "\(name).relu")
    let extents = shape(active)
    let shifted = try apply(Slice(starts: [0, 0, 1, 1], ends: extents), active, name: "\(name).shift")
    let a = try convolution(
      active, channels / 2, kernel: 1, stride: 2, padding: 0, bias: false, name: "\(name).conv1")
    let b = try convolution(
      shifted, channels - channels / 2, kernel: 1, stride: 2, padding: 0, bias: false, name: "\(name).conv2")
    return try cellNormalization(
      try apply(Concatenate(axis: 1), a, b, name: "\(name).concatenate"), isLearned: isLearned,
      name: "\(name).norm")
  }

  /// ReLU, depthwise convolution, a product over channels and normalisation.
  mutating func separableUnit(
    _ x: Value, kernel: Int, stride: Int, dilation: Int = 1, isLearned: Bool = true, name: String
  ) throws(ShapeError) -> Value {
    let channels = shape(x)[1]
    let active = try apply(Unary(.relu), x, name: "\(name).relu")
    let reach = Padding(dilation * (kernel / 2), dilation * (kernel / 2))
    let layer = Convolution(
      strides: [stride, stride], padding: [reach, reach], dilations: [dilation, dilation], groups: channels)
    let weights = parameter("\(name).depthwise.weight", [channels, 1, kernel, kernel])
    let y = try apply(layer, active, weights, name: "\(name).depthwise")
    let z = try convolution(y, channels, kernel: 1, bias: false, name: "\(name).pointwise")
    return try cellNormalization(z, isLearned: isLearned, name: "\(name).norm")
  }
}
