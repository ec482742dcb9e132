/// The gradient of a convolution with respect to its input: the "transposed convolution" of up-sampling networks.
///
/// Operands: x `[batch, channels, spatial…]`, w `[channels, outputChannels / groups, kernel…]` (ONNX ConvTranspose).
/// Result: `[batch, outputChannels, spatial…]` with
/// (spatial − 1) · stride + dilation · (kernel − 1) + 1 + outputPadding − padding.
package struct ConvolutionInputGradient: Primitive {
  package static let name = "convolution-input-gradient"
  package var strides: [Int]
  /// Padding of the convolution whose gradient this is: it crops the result.
  package var padding: [Padding]
  package var dilations: [Int]
  package var groups: Int
  /// Extra extent after each spatial axis of the result, less than the stride or the dilation.
  package var outputPadding: [Int]

  package init(
    strides: [Int], padding: [Padding], dilations: [Int], groups: Int = 1, outputPadding: [Int]
  ) {
    self.strides = strides
    self.padding = padding
    self.dilations = dilations
    self.groups = groups
    self.outputPadding = outputPadding
  }

  /// A two-dimensional one with equal attributes on both axes.
  package init(
    stride: Int = 1, padding: Int = 0, dilation: Int = 1, groups: Int = 1, outputPadding: Int = 0
  ) {
    self.init(
      strides: [stride, stride], padding: [Padding(padding), Padding(padding)],
      dilations: [dilation, dilation], groups: groups, outputPadding: [outputPadding, outputPadding])
  }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 2)
    let (x, w) = (operands[0].shape, operands[1].shape)
    try requireRanks(operands)
    try require(groups >= 1, found: "\(groups) groups", expected: "at least 1")
    try require(
      x[1] % groups == 0 && w[0] == x[1], found: "input \(x) and weights \(w) in \(groups) groups",
      expected: "weights [input channels, output channels / groups, kernel…]")
    let element = try accumulator(operands)
    let windows = try windows(
      kernel: Array(w.dropFirst(2)), strides: strides, padding: padding, dilations: dilations)
    try require(
      outputPadding.count == windows.count, found: "\(outputPadding.count) output paddings",
      expected: "\(windows.count), one for each spatial axis")
    let (channels, overflows) = w[1].multipliedReportingOverflow(by: groups)
    try require(!overflows, found: "\(w[1]) × \(groups) output channels", expected: "fewer than 2^40")
    var shape = [x[0], channels]
    for (axis, window) in windows.enumerated() {
      try require(
        outputPadding[axis] >= 0 && outputPadding[axis] < max(window.stride, window.dilation),
        found: "output padding \(outputPadding[axis])",
        expected: "less than the stride \(window.stride) or the dilation \(window.dilation)")
      try require(x[axis + 2] < 1 << 30, found: "extent \(x[axis + 2])", expected: "less than 2^30")
      guard let extent = window.gradientExtent(from: x[axis + 2], outputPadding: outputPadding[axis]) else {
        throw shapeError(
          found: "padding \(window.padding.total) that crops all of spatial axis \(axis)",
          expected: "a result of at least 1")
      }
      shape.append(extent)
    }
    try requireCountable(loops: x + w.dropFirst())
    return [TensorType(shape, element)]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    let nest = nest(
      x: operands[0].shape, w: operands[1].shape, y: results[0].shape,
      outputChannels: results[0].shape[1], strides: strides, dilations: dilations, padding: padding,
      groups: groups, isTransposed: true)
    return [.convolution(nest)]
  }
}
