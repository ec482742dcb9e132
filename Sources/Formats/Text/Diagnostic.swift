/// Where in the input something stands.
package struct Place: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// A file's path as the user gave it, or the option of a command line.
  package var source: String
  /// From 1; 0 when the source has no lines.
  package var line: Int
  /// From 1, counted in Unicode scalars.
  package var column: Int

  package init(source: String, line: Int = 0, column: Int = 0) {
    self.source = source
    self.line = line
    self.column = column
  }

  /// "edge.yaml:3:8".
  package var description: String { line > 0 ? "\(source):\(line):\(column)" : source }

  package static func < (left: Place, right: Place) -> Bool {
    (left.source, left.line, left.column) < (right.source, right.line, right.column)
  }
}

/// One thing that is wrong with the input, as a sentence a user can act on.
package struct Diagnostic: Error, Hashable, Sendable, Comparable, CustomStringConvertible {
  package var place: Place
  /// What was found.
  package var finding: String
  /// What would have been right, without "expected".
  package var expectation: String?
  /// What to do about it.
  package var remedy: String?

  package init(at place: Place, _ finding: String, expected expectation: String? = nil, remedy: String? = nil)
  {
    self.place = place
    self.finding = finding
    self.expectation = expectation
    self.remedy = remedy
  }

  /// "edge.yaml:3:8: '800' has no unit; expected a frequency in Hz, kHz, MHz or GHz; write for example '800 MHz'".
  package var description: String {
    var text = "\(place): \(finding)"
    if let expectation { text += "; expected \(expectation)" }
    if let remedy { text += "; \(remedy)" }
    return text
  }

  package static func < (left: Diagnostic, right: Diagnostic) -> Bool {
    (left.place, left.finding) < (right.place, right.finding)
  }
}

/// The input cannot be read: everything that is wrong with it, in the order of place.
package struct FormatError: Error, Hashable, Sendable, CustomStringConvertible {
  package var diagnostics: [Diagnostic]

  package init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics.sorted() }

  package var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}
