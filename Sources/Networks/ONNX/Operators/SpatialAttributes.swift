import Graphs

/// Kernel, strides, padding and dilations of a node that slides a window over spatial axes.
struct SpatialAttributes {
  var kernel: [Int]
  var strides: [Int]
  var padding: [Padding]
  var dilations: [Int]
  /// What `auto_pad` says; NOTSET where the padding is explicit.
  var automatic: String

  /// Reads the attributes; `kernel` is the weights' extents, or nil where the node must name them.
  init(_ node: inout NodeLowering, input: TensorType, kernel weights: [Int]?) throws(NodeFinding) {
    guard input.rank >= 3 else {
      throw NodeFinding(found: "\(input)", expected: "[batch, channels, spatial…]")
    }
    let rank = input.rank - 2
    let named = try node.attributes.integers("kernel_shape")
    guard let kernel = weights ?? named, kernel.count == rank else {
      throw NodeFinding(
        found: "kernel \((weights ?? named).map { "\($0)" } ?? "without extents") for \(input)",
        expected: "\(rank) extents")
    }
    if let named, named != kernel {
      throw NodeFinding(found: "kernel_shape \(named) for weights of \(kernel)", expected: "equal extents")
    }
    self.kernel = kernel
    strides = try node.attributes.integers("strides") ?? kernel.map { _ in 1 }
    dilations = try node.attributes.integers("dilations") ?? kernel.map { _ in 1 }
    automatic = try node.attributes.text(
      "auto_pad", default: "NOTSET", of: ["NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"])
    let pads = try node.attributes.integers("pads") ?? Array(repeating: 0, count: 2 * rank)
    guard strides.count == rank, dilations.count == rank, pads.count == 2 * rank else {
      throw NodeFinding(
        found: "\(strides.count) strides, \(dilations.count) dilations and \(pads.count) pads",
        expected: "\(rank), \(rank) and \(2 * rank)")
    }
    guard (strides + dilations + kernel).allSatisfy({ $0 >= 1 }), input.shape.allSatisfy({ $0 < 1 << 30 })
    else {
      throw NodeFinding(
        found: "kernel \(kernel), strides \(strides), dilations \(dilations) over \(input)",
        expected: "numbers of at least 1 and extents below 2^30")
    }
    let isExplicit = automatic == "NOTSET"
    padding = (0..<rank).map { isExplicit ? Padding(pads[$0], pads[rank + $0]) : .none }
  }

  /// Padding with which a window of stride s makes ⌈extent / s⌉ positions (`SAME_UPPER`, `SAME_LOWER`).
  mutating func padToSame(_ spatial: [Int]) {
    guard automatic.hasPrefix("SAME") else { return }
    for axis in kernel.indices {
      let span = (kernel[axis] - 1) * dilations[axis] + 1
      let positions = (spatial[axis] + strides[axis] - 1) / strides[axis]
      padding[axis] = split(max((positions - 1) * strides[axis] + span - spatial[axis], 0))
    }
  }

  /// Padding of both sides; the odd element goes to the end, or to the start for `SAME_LOWER`.
  func split(_ total: Int) -> Padding {
    let half = total / 2
    return automatic == "SAME_LOWER" ? Padding(total - half, half) : Padding(half, total - half)
  }
}
