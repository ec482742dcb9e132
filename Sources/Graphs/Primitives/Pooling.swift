/// The maximum or mean under a window that slides over the spatial axes.
///
/// Operand and result: `[batch, channels, spatial…]`. Pooling over all of an image is a ``Reduce``.
package struct Pooling: Primitive {
  package static let name = "pooling"

  /// What is computed of the elements under the window.
  package enum Kind: Hashable, Sendable {
    case maximum
    /// The mean; padding counts as zeros, or not at all.
    case average(countsPadding: Bool)
  }

  package var kind: Kind
  package var window: [Int]
  package var strides: [Int]
  package var padding: [Padding]
  package var dilations: [Int]
  /// Whether a last, partial window counts.
  package var ceilMode: Bool

  package init(
    _ kind: Kind, window: [Int], strides: [Int], padding: [Padding], dilations: [Int]? = nil,
    ceilMode: Bool = false
  ) {
    self.kind = kind
    self.window = window
    self.strides = strides
    self.padding = padding
    self.dilations = dilations ?? window.map { _ in 1 }
    self.ceilMode = ceilMode
  }

  /// A two-dimensional one with equal attributes on both axes.
  package init(_ kind: Kind, window: Int, stride: Int, padding: Int = 0, ceilMode: Bool = false) {
    self.init(
      kind, window: [window, window], strides: [stride, stride],
      padding: [Padding(padding), Padding(padding)], ceilMode: ceilMode)
  }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 1)
    let x = operands[0]
    try require(
      x.rank == window.count + 2, found: "\(x) under a window \(window)",
      expected: "[batch, channels] and \(window.count) spatial axes")
    try require(x.elementType != .bool, found: "\(x)", expected: "numbers")
    let windows = try windows(kernel: window, strides: strides, padding: padding, dilations: dilations)
    var shape = Array(x.shape.prefix(2))
    for (axis, window) in windows.enumerated() {
      guard let extent = window.outputExtent(over: x.shape[axis + 2], ceilMode: ceilMode) else {
        throw shapeError(
          found:
            "a window that spans \(window.span) over \(x.shape[axis + 2]) + \(window.padding.total) padding",
          expected: "a window no larger than the padded input")
      }
      shape.append(extent)
    }
    try requireCountable(loops: shape + window)
    return [TensorType(shape, x.elementType)]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    let r = results[0].count
    let n = r * window.product
    switch kind {
    case .maximum: return [.reduce(.maximum, n, r)]
    case .average: return [.reduce(.add, n, r), .map(.multiply, r)]
    }
  }
}
