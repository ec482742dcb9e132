/// Elements divided by a power of the sum of squares over near channels.
///
/// Source: Krizhevsky et al. 2012, section 3.3.
///
/// y = x / (bias + alpha / size · Σ x²)^beta over `size` channels around each one.
package struct LocalResponseNormalization: Primitive {
  package static let name = "local-response-normalization"
  package var size: Int
  package var alpha: Double
  package var beta: Double
  package var bias: Double

  package init(size: Int, alpha: Double = 1e-4, beta: Double = 0.75, bias: Double = 1) {
    self.size = size
    self.alpha = alpha
    self.beta = beta
    self.bias = bias
  }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 1)
    try requireFloatingPoint(operands[0])
    try require(operands[0].rank >= 2, found: "\(operands[0])", expected: "[batch, channels, …]")
    try require((1...1 << 20).contains(size), found: "size \(size)", expected: "1 to 2^20")
    return operands
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] {
    let n = operands[0].count
    let reach = min(size, operands[0].shape[1])
    return [
      .map(.multiply, n), .reduce(.add, n * reach, n), .map(.multiplyAdd, n), .map(.power, n),
      .map(.divide, n, 2),
    ]
  }
}
