/// Why data cannot be used.
package struct DatasetError: Error, Hashable, Sendable, CustomStringConvertible {
  package var place: String
  package var found: String
  package var expected: String
  /// Whether the data are not there, rather than wrong.
  package var isMissing: Bool

  package init(_ place: String, found: String, expected: String, isMissing: Bool = false) {
    self.place = place
    self.found = found
    self.expected = expected
    self.isMissing = isMissing
  }

  package var description: String { "\(place): found \(found), expected \(expected)" }
}
