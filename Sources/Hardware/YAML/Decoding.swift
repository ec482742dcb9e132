package import Formats

/// The state of a decoding: where it is, what was found wrong, and where each value stood.
struct Decoding: Sendable {
  /// Keys from the root to the value at hand.
  var path: [String] = []
  var diagnostics: [Diagnostic] = []
  /// The place of every key that was read, by its dotted path.
  var places: [String: Place] = [:]
  /// Names of the scratchpads that were read, for keys that refer to them.
  var scratchpadNames: [String]?
  /// Finds shared parts.
  let parts: @Sendable (PartReference) -> Result<YAMLNode, HardwareError>

  init(parts: @escaping @Sendable (PartReference) -> Result<YAMLNode, HardwareError>) { self.parts = parts }

  /// "array.rows", or "the file" at the root.
  var pathText: String { path.isEmpty ? "the file" : path.joined(separator: ".") }

  /// Notes that the value at hand is wrong.
  mutating func refuse(
    at place: Place, _ finding: String, expected expectation: String? = nil, remedy: String? = nil
  ) {
    diagnostics.append(
      Diagnostic(at: place, "\(pathText): \(finding)", expected: expectation, remedy: remedy))
  }

  /// Decodes with `key` added to the path.
  mutating func within<Value>(_ key: String, at place: Place, _ body: (inout Decoding) -> Value) -> Value {
    path.append(key)
    places[path.joined(separator: ".")] = place
    defer { path.removeLast() }
    return body(&self)
  }
}

/// A mention of a part that is kept in a file of its own.
package struct PartReference: Hashable, Sendable {
  /// The folder of such parts in a hardware library: "dram".
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
