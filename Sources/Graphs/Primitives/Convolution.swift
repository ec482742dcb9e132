/// A convolution (the machine-learning kind: a cross-correlation) in one to three dimensions, without bias.
///
/// Operands: x `[batch, channels, spatial…]`, w `[outputChannels, channels / groups, kernel…]`.
/// Result: `[batch, outputChannels, spatial…]`.
package struct Convolution: Primitive {
  package static let name = "convolution"
  package var strides: [Int]
  package var padding: [Padding]
  package var dilations: [Int]
  package var groups: Int

  package init(strides: [Int], padding: [Padding], dilations: [Int], groups: Int = 1) {
    self.strides = strides
    self.padding = padding
    self.dilations = dilations
    self.groups = groups
  }

  /// A two-dimensional convolution with equal attributes on both axes.
  package init(stride: Int = 1, padding: Int = 0, dilation: Int = 1, groups: Int = 1) {
    self.init(
      strides: [stride, stride], padding: [Padding(padding), Padding(padding)],
      dilations: [dilation, dilation], groups: groups)
  }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 2)
    let (x, w) = (operands[0].shape, operands[1].shape)
    try requireRanks(operands)
    try require(groups >= 1, found: "\(groups) groups", expected: "at least 1")
    try require(
      x[1] % groups == 0 && w[0] % groups == 0 && w[1] == x[1] / groups,
      found: "input \(x) and weights \(w) in \(groups) groups",
      expected: "weights [multiple of groups, input channels / groups, kernel…]")
    let element = try accumulator(operands)
    let windows = try windows(
      kernel: Array(w.dropFirst(2)), strides: strides, padding: padding, dilations: dilations)
    var shape = [x[0], w[0]]
    for (axis, window) in windows.enumerated() {
      guard let extent = window.outputExtent(over: x[axis + 2]) else {
        throw shapeError(
          found: "a kernel that spans \(window.span) over \(x[axis + 2]) + \(window.padding.total) padding",
          expected: "a kernel no larger than the padded input")
      }
      shape.append(extent)
    }
    try requireCountable(loops: shape + w.dropFirst())
    return [TensorType(shape, element)]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    let nest = nest(
      x: operands[0].shape, w: operands[1].shape, y: results[0].shape,
      outputChannels: operands[1].shape[0], strides: strides, dilations: dilations, padding: padding,
      groups: groups, isTransposed: false)
    return [.convolution(nest)]
  }
}

extension Primitive {
  /// Checks that input and weights of a convolution have the same rank of 3, 4 or 5.
  func requireRanks(_ operands: [TensorType]) throws(ShapeError) {
    let (x, w) = (operands[0], operands[1])
    try require(
      x.rank == w.rank && (3...5).contains(x.rank), found: "input \(x) and weights \(w)",
      expected: "input [batch, channels, spatial…] and weights of the same rank, 3 to 5")
  }

  /// The element type of sums of products of the first two operands.
  func accumulator(_ operands: [TensorType]) throws(ShapeError) -> ElementType {
    let (left, right) = (operands[0].elementType, operands[1].elementType)
    guard let element = ElementType.accumulator(left, right) else {
      throw shapeError(
        found: "\(left.rawValue) times \(right.rawValue)",
        expected: "one floating-point type, or two integer types of at most 16 bits")
    }
    return element
  }

  /// The loop nest of a convolution or of its transposed form; `w` ends with the kernel's extents.
  func nest(
    x: [Int], w: [Int], y: [Int], outputChannels: Int, strides: [Int], dilations: [Int],
    padding: [Padding], groups: Int, isTransposed: Bool
  ) -> ConvolutionNest {
    let last = strides.count - 1
    func extent(_ values: [Int], or single: Int) -> ConvolutionNest.Extent {
      .init(last == 0 ? single : values[values.count - 2], values[values.count - 1])
    }
    // Each plane of the output (of the input where transposed) is one two-dimensional convolution.
    let planes = last == 2 ? (isTransposed ? x[2] : y[2]) : 1
    return ConvolutionNest(
      batch: x[0] * planes, groups: groups, inputChannels: x[1], outputChannels: outputChannels,
      input: extent(x, or: 1), output: extent(y, or: 1), kernel: extent(w, or: 1),
      kernelDepth: last == 2 ? w[2] : 1, stride: extent(strides, or: 1),
      dilation: extent(dilations, or: 1), padding: extent(padding.map(\.before), or: 0),
      isTransposed: isTransposed)
  }
}
