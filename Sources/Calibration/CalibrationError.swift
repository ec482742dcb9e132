package import Formats

/// A calibration that cannot be done, or whose result should not be trusted: everything that is wrong, by place.
package struct CalibrationError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Kind: Hashable, Sendable {
    /// The measurements, the ranges or the choice of rows are wrong.
    case badInput
    /// A network of the measurements that cannot be put on the machine.
    case unsupported
  }
  package var kind: Kind
  package var diagnostics: [Diagnostic]

  package init(_ kind: Kind, _ diagnostics: [Diagnostic]) {
    self.kind = kind
    self.diagnostics = diagnostics.sorted()
  }

  package init(_ kind: Kind, _ diagnostic: Diagnostic) { self.init(kind, [diagnostic]) }

  /// One line for each finding.
  package var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}
