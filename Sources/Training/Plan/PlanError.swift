/// Why a graph cannot be executed, or a value not be taken.
package struct PlanError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where: "node 'conv1' (convolution)".
  package var place: String
  package var found: String
  package var expected: String

  package init(_ place: String, found: String, expected: String) {
    self.place = place
    self.found = found
    self.expected = expected
  }

  package var description: String { "\(place): found \(found), expected \(expected)" }
}
