package import Formats

/// A study cannot be read, run or stored: everything that is wrong, in the order of place.
package struct StudyError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Kind: Hashable, Sendable {
    /// No such file, study or trial.
    case notFound
    /// The study file is wrong, or asks for what cannot be.
    case badInput
    /// The store is damaged, of another study, or of a later version.
    case badStore
    /// The disk does not take what is to be kept.
    case unwritable
  }
  package var kind: Kind
  package var diagnostics: [Diagnostic]

  package init(_ kind: Kind, _ diagnostics: [Diagnostic]) {
    self.kind = kind
    self.diagnostics = diagnostics.sorted()
  }

  package init(
    _ kind: Kind, at place: String, _ finding: String, expected expectation: String? = nil,
    remedy: String? = nil
  ) {
    self.init(
      kind, [Diagnostic(at: Place(source: place), finding, expected: expectation, remedy: remedy)])
  }

  /// One line for each finding.
  package var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}
