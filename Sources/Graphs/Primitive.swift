/// One kind of operation with its attributes: a value that knows its result types and its arithmetic.
///
/// What a machine does with it (a CPU kernel, a special lowering) is a conformance in that machine's module.
/// Every primitive is listed in ``PrimitiveCatalog``; tests walk that list.
package protocol Primitive: Hashable, Sendable {
  /// The name in files, traces and reports: "convolution".
  static var name: String { get }

  /// The types of the results for operands of the given types.
  ///
  /// - Throws: ``ShapeError`` that says what was found and what was expected.
  func results(for operands: [TensorType]) throws(ShapeError) -> [TensorType]

  /// The loop nests that the operation executes, in order; empty for a pure view of its operand.
  func work(for operands: [TensorType], results: [TensorType]) -> [Work]
}

extension Primitive {
  /// The name of this primitive's type.
  package var name: String { Self.name }
}

/// Operand types that a primitive cannot take.
package struct ShapeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The primitive's name, then the node's once it is known.
  package var place: String
  /// What was found.
  package var found: String
  /// What was expected.
  package var expected: String

  package init(_ place: String, found: String, expected: String) {
    self.place = place
    self.found = found
    self.expected = expected
  }

  package var description: String { "\(place): found \(found), expected \(expected)" }
}
