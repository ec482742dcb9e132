import Graphs

/// What keeps one node, or one tensor of the file, from being imported.
struct NodeFinding: Error, Hashable {
  var found: String
  var expected: String

  init(found: String, expected: String) {
    self.found = found
    self.expected = expected
  }

  init(_ error: ShapeError) { self.init(found: error.found, expected: error.expected) }
}
