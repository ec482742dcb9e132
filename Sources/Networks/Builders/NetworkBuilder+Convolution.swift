import Graphs

/// Layers on images `[batch, channels, height, width]`.
extension NetworkBuilder {
  /// A square convolution; padding nil keeps the extents of a stride of 1.
  mutating func convolution(
    _ x: Value, _ channels: Int, kernel: Int, stride: Int = 1, padding: Int? = nil, groups: Int = 1,
    bias: Bool = true, name: String
  ) throws(ShapeError) -> Value {
    let weights = parameter("\(name).weight", [channels, shape(x)[1] / groups, kernel, kernel])
    let layer = Convolution(stride: stride, padding: padding ?? (kernel - 1) / 2, groups: groups)
    let y = try apply(layer, x, weights, name: name)
    return bias ? try channelBias(y, name: name) : y
  }

  /// A square transposed convolution with bias.
  mutating func transposedConvolution(
    _ x: Value, _ channels: Int, kernel: Int, stride: Int, padding: Int = 0, outputPadding: Int = 0,
    name: String
  ) throws(ShapeError) -> Value {
    let weights = parameter("\(name).weight", [shape(x)[1], channels, kernel, kernel])
    let layer = ConvolutionInputGradient(stride: stride, padding: padding, outputPadding: outputPadding)
    return try channelBias(try apply(layer, x, weights, name: name), name: name)
  }

  private mutating func channelBias(_ x: Value, name: String) throws(ShapeError) -> Value {
    let bias = parameter("\(name).bias", [shape(x)[1], 1, 1])
    return try apply(Binary(.add), x, bias, name: "\(name).bias")
  }

  /// Batch normalisation with learned scale and shift; its running statistics are no parameters.
  mutating func batchNormalization(
    _ x: Value, epsilon: Double = 1e-5, name: String
  ) throws(ShapeError) -> Value {
    let channels = [shape(x)[1]]
    let scale = parameter("\(name).weight", channels)
    let shift = parameter("\(name).bias", channels)
    let mean = constant("\(name).running_mean", TensorType(channels))
    let variance = constant("\(name).running_var", TensorType(channels))
    return try apply(BatchNormalization(epsilon: epsilon), x, scale, shift, mean, variance, name: name)
  }

  /// Convolution without bias, batch normalisation and an activation.
  mutating func convolutionUnit(
    _ x: Value, _ channels: Int, kernel: Int, stride: Int = 1, groups: Int = 1, epsilon: Double = 1e-5,
    activation: UnaryFunction?, name: String
  ) throws(ShapeError) -> Value {
    let y = try convolution(
      x, channels, kernel: kernel, stride: stride, groups: groups, bias: false, name: "\(name).0")
    let z = try batchNormalization(y, epsilon: epsilon, name: "\(name).1")
    guard let activation else { return z }
    return try apply(Unary(activation), z, name: "\(name).2")
  }

  /// Channels weighted by what a small network sees of all of them.
  ///
  /// Source: Hu et al. 2018, arXiv:1709.01507.
  mutating func squeezeExcitation(
    _ x: Value, _ squeezed: Int, activation: UnaryFunction, gate: UnaryFunction, name: String
  ) throws(ShapeError) -> Value {
    let mean = try apply(Reduce(.mean, axes: [2, 3], keepsDimensions: true), x, name: "\(name).avgpool")
    let reduced = try convolution(mean, squeezed, kernel: 1, name: "\(name).fc1")
    let active = try apply(Unary(activation), reduced, name: "\(name).activation")
    let expanded = try convolution(active, shape(x)[1], kernel: 1, name: "\(name).fc2")
    let weights = try apply(Unary(gate), expanded, name: "\(name).scale_activation")
    return try apply(Binary(.multiply), x, weights, name: "\(name).scale")
  }

  /// Maximum pooling under a square window.
  mutating func maximumPooling(
    _ x: Value, window: Int, stride: Int, padding: Int = 0, ceilMode: Bool = false, name: String
  ) throws(ShapeError) -> Value {
    try apply(
      Pooling(.maximum, window: window, stride: stride, padding: padding, ceilMode: ceilMode), x, name: name)
  }

  /// The mean of each channel, as `[batch, channels]`.
  mutating func globalAveragePooling(_ x: Value, name: String) throws(ShapeError) -> Value {
    try apply(Reduce(.mean, axes: [2, 3], keepsDimensions: false), x, name: name)
  }

  /// Means over equal parts of the image, `extent` in each direction.
  mutating func averagePooling(_ x: Value, to extent: Int, name: String) throws(ShapeError) -> Value {
    let (height, width) = (shape(x)[2], shape(x)[3])
    guard height % extent == 0, width % extent == 0 else {
      throw ShapeError(
        "layer '\(name)'", found: "an image of \(height) × \(width)",
        expected: "multiples of \(extent); choose another input size")
    }
    guard height != extent || width != extent else { return x }
    let window = [height / extent, width / extent]
    return try apply(
      Pooling(.average(countsPadding: true), window: window, strides: window, padding: [.none, .none]), x,
      name: name)
  }
}
