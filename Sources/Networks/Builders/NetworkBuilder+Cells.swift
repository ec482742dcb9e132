import Graphs

/// How the layers of a cell are normalised.
///
/// Search networks learn no scale and shift, so that no operation can grow by itself.
enum CellNormalization {
  /// By running statistics, with learned scale and shift: in networks that were found.
  case learned
  /// By running statistics alone.
  case plain
  /// By the statistics of the batch alone, which needs no state.
  case batch
}

/// Layers of the cells that DARTS searches and builds.
extension NetworkBuilder {
  /// Batch normalisation in one of its ways.
  mutating func cellNormalization(
    _ x: Value, _ normalization: CellNormalization, name: String
  ) throws(ShapeError) -> Value {
    switch normalization {
    case .learned: return try batchNormalization(x, name: name)
    case .batch: return try statisticsNormalization(x, name: name)
    case .plain: break
    }
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

  /// Normalisation by the mean and the variance of the batch itself, without learned scale and shift.
  mutating func statisticsNormalization(_ x: Value, name: String) throws(ShapeError) -> Value {
    let moments = try applyAll(
      Moments(axes: [0, 2, 3], keepsDimensions: false), to: [x], name: "\(name).moments")
    let type = TensorType([shape(x)[1]])
    func constant(_ value: Float, _ part: String) -> Value {
      self.constant(
        "\(name).\(part)", type,
        bytes: littleEndianBytes(Array(repeating: value.bitPattern, count: type.count)))
    }
    let scale = constant(1, "scale")
    let shift = constant(0, "shift")
    return try apply(
      BatchNormalization(epsilon: 1e-5), x, scale, shift, moments[0], moments[1], name: "\(name).bn")
  }

  /// The sum of the operations that lead to a node; zero, as large as a state read at a stride, where there are none.
  mutating func cellSum(
    _ terms: [Value], like state: Value, stride: Int, name: String
  ) throws(ShapeError) -> Value {
    guard var sum = terms.first else {
      let pooled = try apply(
        Pooling(.average(countsPadding: false), window: 3, stride: stride, padding: 1), state,
        name: "\(name).extents")
      return try apply(Binary(.multiply), pooled, number(0, "\(name).zero"), name: name)
    }
    for (index, term) in terms.dropFirst().enumerated() {
      let isLast = index == terms.count - 2
      sum = try apply(Binary(.add), sum, term, name: isLast ? name : "\(name).\(index)")
    }
    return sum
  }

  /// ReLU, a product over channels and normalisation.
  mutating func pointwiseUnit(
    _ x: Value, _ channels: Int, _ normalization: CellNormalization = .learned, name: String
  ) throws(ShapeError) -> Value {
    let active = try apply(Unary(.relu), x, name: "\(name).relu")
    let y = try convolution(active, channels, kernel: 1, bias: false, name: "\(name).conv")
    return try cellNormalization(y, normalization, name: "\(name).norm")
  }

  /// Half the resolution without losing every second pixel: two products over pixels that are one apart.
  mutating func factorizedReduction(
    _ x: Value, _ channels: Int, _ normalization: CellNormalization = .learned, name: String
  ) throws(ShapeError) -> Value {
    let active = try apply(Unary(.relu), x, name: "\(name).relu")
    let extents = shape(active)
    let shifted = try apply(Slice(starts: [0, 0, 1, 1], ends: extents), active, name: "\(name).shift")
    let a = try convolution(
      active, channels / 2, kernel: 1, stride: 2, padding: 0, bias: false, name: "\(name).conv1")
    let b = try convolution(
      shifted, channels - channels / 2, kernel: 1, stride: 2, padding: 0, bias: false, name: "\(name).conv2")
    return try cellNormalization(
      try apply(Concatenate(axis: 1), a, b, name: "\(name).concatenate"), normalization,
      name: "\(name).norm")
  }

  /// ReLU, depthwise convolution, a product over channels and normalisation.
  mutating func separableUnit(
    _ x: Value, kernel: Int, stride: Int, dilation: Int = 1,
    _ normalization: CellNormalization = .learned, name: String
  ) throws(ShapeError) -> Value {
    let channels = shape(x)[1]
    let active = try apply(Unary(.relu), x, name: "\(name).relu")
    let reach = Padding(dilation * (kernel / 2), dilation * (kernel / 2))
    let layer = Convolution(
      strides: [stride, stride], padding: [reach, reach], dilations: [dilation, dilation], groups: channels)
    let weights = parameter("\(name).depthwise.weight", [channels, 1, kernel, kernel])
    let y = try apply(layer, active, weights, name: "\(name).depthwise")
    let z = try convolution(y, channels, kernel: 1, bias: false, name: "\(name).pointwise")
    return try cellNormalization(z, normalization, name: "\(name).norm")
  }
}
