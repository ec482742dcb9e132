/// A point of a search space: one option for each of the space's choices, in the order of the choices.
package struct Architecture: Hashable, Sendable, Codable {
  /// The number of the option taken, from 0, for each choice.
  package var options: [Int]

  package init(_ options: [Int]) { self.options = options }
}

/// A decision of a search space and what may be decided.
package struct Choice: Hashable, Sendable {
  /// What is decided: "1->3".
  package var name: String
  /// What it may be: "none", "skip_connect" …, at least one.
  package var options: [String]

  package init(_ name: String, _ options: [String]) {
    self.name = name
    self.options = options
  }
}
