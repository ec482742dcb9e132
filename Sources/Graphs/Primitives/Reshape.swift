/// The same elements under another shape: a view that costs nothing.
package struct Reshape: Primitive {
  package static let name = "reshape"
  package var shape: [Int]

  package init(_ shape: [Int]) { self.shape = shape }

  /// The reshape that ONNX writes with −1 (the extent that is left) and, unless `allowsZero`, 0 (the operand's extent).
  package init(inferring pattern: [Int], from type: TensorType, allowsZero: Bool = false) throws(ShapeError) {
    var shape = pattern
    var known = 1
    var unknown: Int?
    func fault(_ expected: String) -> ShapeError {
      ShapeError(Self.name, found: "\(type) to \(pattern)", expected: expected)
    }
    for (axis, extent) in pattern.enumerated() {
      if extent == -1 {
        guard unknown == nil else { throw fault("at most one extent of -1") }
        unknown = axis
        continue
      }
      if extent == 0, !allowsZero {
        guard axis < type.rank else { throw fault("a 0 only where the operand has that axis") }
        shape[axis] = type.shape[axis]
      }
      let (product, overflows) = known.multipliedReportingOverflow(by: shape[axis])
      guard !overflows, product > 0 else { throw fault("positive extents, -1 or 0") }
      known = product
    }
    if let unknown {
      guard type.count % known == 0 else { throw fault("extents that divide \(type.count) elements") }
      shape[unknown] = type.count / known
    }
    self.init(shape)
  }

  package func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try require(operands, count: 1)
    let type = TensorType(shape, operands[0].elementType)
    try type.validate(Self.name)
    try require(
      type.count == operands[0].count, found: "\(operands[0]) to \(shape)",
      expected: "\(operands[0].count) elements")
    return [type]
  }

  package func work(for operands: [TensorType], results: [TensorType]) -> [Work] { [] }
}
