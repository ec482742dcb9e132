/// Rows or columns of padding before and after one axis.
package struct Padding: Hashable, Sendable {
  package var before: Int
  package var after: Int

  package init(_ before: Int, _ after: Int) {
    self.before = before
    self.after = after
  }

  /// The same padding on both sides.
  package init(_ both: Int) { self.init(both, both) }

  package static let none = Padding(0)
  package var total: Int { before + after }
}

/// How a kernel slides over one axis.
struct SlidingWindow {
  var kernel: Int
  var stride: Int
  var padding: Padding
  var dilation: Int

  /// Attributes and extents up to 2³⁰, so that no formula of this file can overflow.
  private static let limit = 1 << 30

  /// The span of the dilated kernel.
  var span: Int { dilation * (kernel - 1) + 1 }

  /// What is wrong with the attributes, if anything.
  var fault: String? {
    if !(1...Self.limit).contains(kernel) { return "kernel extent \(kernel)" }
    if !(1...Self.limit).contains(stride) { return "stride \(stride)" }
    if !(1...Self.limit).contains(dilation) { return "dilation \(dilation)" }
    if !(0...Self.limit).contains(padding.before) { return "padding \(padding.before)" }
    if !(0...Self.limit).contains(padding.after) { return "padding \(padding.after)" }
    return nil
  }

  /// The number of positions of the window over an input, or nil where it does not fit once.
  ///
  /// With `ceilMode` a last, partial window counts if it starts inside the input or its leading padding
  /// (PyTorch's rule, and ONNX's since operator set 22).
  func outputExtent(over input: Int, ceilMode: Bool = false) -> Int? {
    let room = input + padding.total - span
    guard room >= 0 else { return nil }
    var steps = room / stride
    if ceilMode, room % stride != 0, (steps + 1) * stride < input + padding.before { steps += 1 }
    return steps + 1
  }

  /// The extent of the input gradient, from which a convolution would make `input` positions.
  func gradientExtent(from input: Int, outputPadding: Int) -> Int? {
    let extent = (input - 1) * stride + span + outputPadding - padding.total
    return extent >= 1 ? extent : nil
  }
}

extension Primitive {
  /// The windows of all spatial axes, checked; at most three.
  func windows(
    kernel: [Int], strides: [Int], padding: [Padding], dilations: [Int]
  ) throws(ShapeError) -> [SlidingWindow] {
    let rank = kernel.count
    try require(
      (1...3).contains(rank), found: "\(rank) spatial axes", expected: "1, 2 or 3")
    try require(
      strides.count == rank && padding.count == rank && dilations.count == rank,
      found: "\(strides.count) strides, \(padding.count) paddings and \(dilations.count) dilations",
      expected: "\(rank) of each, one for each spatial axis")
    var windows: [SlidingWindow] = []
    for axis in kernel.indices {
      let window = SlidingWindow(
        kernel: kernel[axis], stride: strides[axis], padding: padding[axis], dilation: dilations[axis])
      if let fault = window.fault {
        throw shapeError(
          found: "\(fault) on spatial axis \(axis)",
          expected: "kernel, stride and dilation of at least 1, padding of at least 0, all at most 2^30")
      }
      windows.append(window)
    }
    return windows
  }
}
