/// Why a graph cannot be executed, or a value not be taken.
package struct PlanError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where: "node 'conv1' (convolution)".
  package var place: String
  package var found: String
  package var expected: String
  /// Whether less memory would do for smaller batches.
  package var isShortOfMemory: Bool

  package init(_ place: String, found: String, expected: String, isShortOfMemory: Bool = false) {
    self.place = place
    self.found = found
    self.expected = expected
    self.isShortOfMemory = isShortOfMemory
  }

  package var description: String { "\(place): found \(found), expected \(expected)" }
}
