package import Formats

/// A hardware model cannot be had: everything that is wrong, in the order of place.
package struct HardwareError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Kind: Hashable, Sendable {
    /// No such file or name.
    case notFound
    /// The file, a part it names, or an override is wrong.
    case badInput
  }
  package var kind: Kind
  package var diagnostics: [Diagnostic]

  package init(_ kind: Kind, _ diagnostics: [Diagnostic]) {
    self.kind = kind
    self.diagnostics = diagnostics.sorted().reduce(into: []) { unique, next in
      if unique.last != next { unique.append(next) }
    }
  }

  /// One line for each finding.
  package var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}
