/// A tensor sampled at other extents, as image scaling does.
package struct Resize: Primitive {
  package static let name = "resize"

  /// How a value between elements is found.
  package enum Mode: Hashable, Sendable {
    case nearest(Rounding)
    case linear
    /// Cubic convolution with its coefficient (Keys 1981; −0.75 in most frameworks).
    case cubic(coefficient: Double)
  }

  /// How a coordinate becomes an index.
  package enum Rounding: String, Hashable, Sendable {
    case halfDown, halfUp, floor, ceiling
  }

  /// How an index of the result becomes a coordinate of the operand (ONNX's names without underscores).
  package enum Coordinates: String, Hashable, Sendable {
    case halfPixel, halfPixelSymmetric, pytorchHalfPixel, alignCorners, asymmetric
  }

  /// The result's extents, all axes.
  package var shape: [Int]
  package var mode: Mode
  package var coordinates: Coordinates
  /// The scale of each axis where it is not the ratio of the extents, since those are whole numbers.
  package var scales: [Double]?
  /// Whether neighbours outside the operand count nothing; else the nearest element inside stands for them.
  package var excludesOutside: Bool

  package init(
    _ shape: [Int], mode: Mode, coordinates: Coordinates, scales: [Double]? = nil,
    excludesOutside: Bool = false
  ) {
    self.shape = shape
    self.mode = mode
    self.coordinates = coordinates
    self.scales = scales
    self.excludesOutside = excludesOutside
  }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 1)
    try require(
      shape.count == operands[0].rank, found: "\(operands[0]) to \(shape)",
      expected: "an extent for each of \(operands[0].rank) axes")
    if let scales {
      try require(
        scales.count == shape.count && scales.allSatisfy { $0 > 0 && $0.isFinite }, found: "scales \(scales)",
        expected: "a positive number for each of \(shape.count) axes")
    }
    try require(operands[0].elementType != .bool, found: "\(operands[0])", expected: "numbers")
    return [TensorType(shape, operands[0].elementType)]
  }

  /// Nearest copies elements; the others blend 2 or 4 neighbours along each axis that changes.
  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    let axes = shape.indices.count { changes($0, of: operands[0].shape) }
    guard axes > 0 else { return [] }
    let taps: Int
    switch mode {
    case .nearest:
      var run = 1
      for (from, to) in zip(operands[0].shape, shape).reversed() {
        guard from == to else { break }
        run *= from
      }
      return [.movement(MovementNest(elements: results[0].count, run: run))]
    case .linear: taps = 2
    case .cubic: taps = 4
    }
    return Array(repeating: .map(.multiplyAdd, results[0].count, 2), count: taps * axes)
  }

  /// Whether elements are sampled along an axis: its extent changes, or its scale rounds to the same extent.
  package func changes(_ axis: Int, of source: [Int]) -> Bool {
    source[axis] != shape[axis] || (scales?[axis] ?? 1) != 1
  }
}
