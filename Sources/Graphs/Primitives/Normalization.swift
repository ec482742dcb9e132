/// Elements from `axis` on, shifted and scaled to mean 0 and variance 1.
///
/// Source: Ba et al. 2016, arXiv:1607.06450.
///
/// Operands: x, then optionally scale and shift, whose shape broadcasts to `x.shape[axis...]`.
package struct LayerNormalization: Primitive {
  package static let name = "layer-normalization"
  package var axis: Int
  package var epsilon: Double

  package init(axis: Int, epsilon: Double) {
    self.axis = axis
    self.epsilon = epsilon
  }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 1...3)
    try requireAffine(operands, from: axis)
    return [operands[0]]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    standardization(of: operands[0].count, rows: operands[0].shape.prefix(axis).product)
      + affine(operands)
  }
}

/// Elements from `axis` on, divided by their root mean square.
///
/// Source: Zhang and Sennrich 2019, arXiv:1910.07467.
///
/// Operands: x, then optionally scale.
package struct RMSNormalization: Primitive {
  package static let name = "rms-normalization"
  package var axis: Int
  package var epsilon: Double

  package init(axis: Int, epsilon: Double) {
    self.axis = axis
    self.epsilon = epsilon
  }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 1...2)
    try requireAffine(operands, from: axis)
    return [operands[0]]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    let n = operands[0].count
    return scaling(of: n, rows: operands[0].shape.prefix(axis).product) + affine(operands)
  }
}

/// Each channel shifted and scaled by fixed statistics (Ioffe and Szegedy 2015, arXiv:1502.03167), as in inference.
///
/// Operands: x `[batch, channels, …]`, then scale, shift, mean and variance `[channels]`.
package struct BatchNormalization: Primitive {
  package static let name = "batch-normalization"
  package var epsilon: Double

  package init(epsilon: Double = 1e-5) { self.epsilon = epsilon }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 5)
    try requireChannels(operands, roles: ["scale", "shift", "mean", "variance"])
    return [operands[0]]
  }

  /// One multiply-add for each element: the statistics fold into one factor and one summand for each channel.
  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    [.map(.multiplyAdd, operands[0].count, 3)]
  }
}

/// Each channel of each sample shifted and scaled to mean 0 and variance 1.
///
/// Source: Ulyanov et al. 2016, arXiv:1607.08022.
///
/// Operands: x `[batch, channels, …]`, scale and shift `[channels]`.
package struct InstanceNormalization: Primitive {
  package static let name = "instance-normalization"
  package var epsilon: Double

  package init(epsilon: Double = 1e-5) { self.epsilon = epsilon }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 3)
    try requireChannels(operands, roles: ["scale", "shift"])
    return [operands[0]]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    standardization(of: operands[0].count, rows: operands[0].shape.prefix(2).product) + affine(operands)
  }
}

/// Groups of channels of each sample shifted and scaled to mean 0 and variance 1 (Wu and He 2018, arXiv:1803.08494).
///
/// Operands: x `[batch, channels, …]`, scale and shift `[channels]`.
package struct GroupNormalization: Primitive {
  package static let name = "group-normalization"
  package var groups: Int
  package var epsilon: Double

  package init(groups: Int, epsilon: Double = 1e-5) {
    self.groups = groups
    self.epsilon = epsilon
  }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 3)
    try requireChannels(operands, roles: ["scale", "shift"])
    try require(
      groups >= 1 && operands[0].shape[1] % groups == 0,
      found: "\(groups) groups of \(operands[0].shape[1]) channels", expected: "a divisor of the channels")
    return [operands[0]]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    standardization(of: operands[0].count, rows: operands[0].shape[0] * groups) + affine(operands)
  }
}

extension Primitive {
  /// Checks scale and shift over the axes from `axis` on.
  func requireAffine(_ operands: [TensorType], from axis: Int) throws(ShapeError) {
    let x = operands[0]
    try requireFloatingPoint(x)
    try require(axis: axis, of: x)
    let normalised = Array(x.shape[axis...])
    for operand in operands.dropFirst() {
      try require(
        broadcastShape([normalised, operand.shape]) == normalised,
        found: "scale or shift of shape \(operand.shape)", expected: "one that broadcasts to \(normalised)")
    }
  }

  /// Checks operands after the first that hold one number for each channel.
  func requireChannels(_ operands: [TensorType], roles: [String]) throws(ShapeError) {
    let x = operands[0]
    try requireFloatingPoint(x)
    try require(x.rank >= 2, found: "\(x)", expected: "[batch, channels, …]")
    for (role, operand) in zip(roles, operands.dropFirst()) {
      try require(operand, hasShape: [x.shape[1]], role)
    }
  }

  /// Mean 0, then variance 1, for `rows` rows of `n` elements in all.
  func standardization(of n: Int, rows: Int) -> [Work] {
    [.reduce(.add, n, rows), .map(.multiply, rows), .map(.subtract, n, 2)] + scaling(of: n, rows: rows)
  }

  /// Root mean square 1, for `rows` rows of `n` elements in all.
  func scaling(of n: Int, rows: Int) -> [Work] {
    [
      .reduce(.multiplyAdd, n, rows), .map(.multiplyAdd, rows), .map(.squareRoot, rows),
      .map(.reciprocal, rows),
      .map(.multiply, n, 2),
    ]
  }

  /// The learned scale and shift after a normalisation.
  func affine(_ operands: [TensorType]) -> [Work] {
    switch operands.count {
    case 1: []
    case 2: [.map(.multiply, operands[0].count, 2)]
    default: [.map(.multiplyAdd, operands[0].count, 3)]
    }
  }
}
