package import Formats

/// The state of a decoding: where it is, what was found wrong, and where each value stood.
package struct Decoding: Sendable {
  /// Keys from the root to the value at hand.
  package var path: [String] = []
  package var diagnostics: [Diagnostic] = []
  /// The place of every key that was read, by its dotted path.
  package var places: [String: Place] = [:]
  /// Names that were read, by what they name, for keys that refer to them.
  package var names: [String: [String]] = [:]
  /// Finds shared parts.
  package let parts: @Sendable (PartReference) -> Result<YAMLNode, FormatError>

  /// A decoding of a file that mentions no shared parts, unless something finds them.
  package init(
    parts: @escaping @Sendable (PartReference) -> Result<YAMLNode, FormatError> = Decoding.noParts
  ) { self.parts = parts }

  /// Knows no shared parts.
  package static let noParts: @Sendable (PartReference) -> Result<YAMLNode, FormatError> = { reference in
    .failure(
      FormatError([
        Diagnostic(
          at: reference.place, "'\(excerpt(reference.name))' names a part, and there is no library")
      ]))
  }

  /// "array.rows", or "the file" at the root.
  package var pathText: String { path.isEmpty ? "the file" : path.joined(separator: ".") }

  /// Notes that the value at hand is wrong.
  package mutating func refuse(
    at place: Place, _ finding: String, expected expectation: String? = nil, remedy: String? = nil
  ) {
    diagnostics.append(
      Diagnostic(at: place, "\(pathText): \(finding)", expected: expectation, remedy: remedy))
  }

  /// Decodes with `key` added to the path.
  package mutating func within<Value>(_ key: String, at place: Place, _ body: (inout Decoding) -> Value)
    -> Value
  {
    path.append(key)
    places[path.joined(separator: ".")] = place
    defer { path.removeLast() }
    return body(&self)
  }
}

/// A mention of a part that is kept in a file of its own.
package struct PartReference: Hashable, Sendable {
  /// The folder of such parts in a library: "dram".
  package var folder: String
  /// A name there, or a path relative to the file that mentions it.
  package var name: String
  package var place: Place

  package init(folder: String, name: String, place: Place) {
    self.folder = folder
    self.name = name
    self.place = place
  }
}
