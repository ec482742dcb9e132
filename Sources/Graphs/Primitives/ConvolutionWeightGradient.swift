/// The gradient of a convolution with respect to its weights.
///
/// Operands: x `[batch, channels, spatial…]`, g `[batch, outputChannels, positions…]`, the gradient of the convolution's
/// result. Result: `[outputChannels, channels / groups, kernel…]`.
package struct ConvolutionWeightGradient: Primitive {
  package static let name = "convolution-weight-gradient"
  /// Extents of the kernel, one for each spatial axis.
  package var kernel: [Int]
  package var strides: [Int]
  package var padding: [Padding]
  package var dilations: [Int]
  package var groups: Int

  package init(kernel: [Int], strides: [Int], padding: [Padding], dilations: [Int], groups: Int = 1) {
    self.kernel = kernel
    self.strides = strides
    self.padding = padding
    self.dilations = dilations
    self.groups = groups
  }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 2)
    let (x, g) = (operands[0].shape, operands[1].shape)
    try requireRanks(operands)
    try require(groups >= 1, found: "\(groups) groups", expected: "at least 1")
    try require(
      x[0] == g[0] && x[1] % groups == 0 && g[1] % groups == 0,
      found: "input \(x) and gradient \(g) in \(groups) groups",
      expected: "one batch extent and channels that are multiples of the groups")
    try require(
      kernel.count == x.count - 2, found: "a kernel \(kernel) for \(x)",
      expected: "an extent for each of \(x.count - 2) spatial axes")
    let element = try accumulator(operands)
    let windows = try windows(kernel: kernel, strides: strides, padding: padding, dilations: dilations)
    for (axis, window) in windows.enumerated() {
      let positions = window.outputExtent(over: x[axis + 2]) ?? 0
      try require(
        g[axis + 2] <= positions, found: "a gradient \(g) on spatial axis \(axis)",
        expected: "at most the \(positions) positions of the convolution")
    }
    let shape = [g[1], x[1] / groups] + kernel
    try requireCountable(loops: g + shape.dropFirst())
    return [TensorType(shape, element)]
  }

  /// For each group, the product of gradients and patches over all positions.
  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    let (g, w) = (operands[1].shape, results[0].shape)
    return [
      .matrixProduct(
        MatrixProductNest(
          batch: groups, m: g[1] / groups, k: g[0] * g.dropFirst(2).product, n: w.dropFirst().product,
          sharesRight: false))
    ]
  }
}
