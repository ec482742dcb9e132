/// A network that cannot be put on a machine: where, what was found, what was expected and what to try.
package struct CompileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Why compilation ended; the command line turns it into an exit code.
  package enum Kind: Hashable, Sendable {
    /// An operation that the compiler has no lowering for.
    case unsupported
    /// A layer whose smallest tile exceeds a memory.
    case doesNotFit
    /// A network whose program would be too long to hold.
    case tooLarge
    /// A machine that lacks something every program needs.
    case machine
    /// A mapping given by the user that cannot be read or does not suit its layer.
    case mapping
  }

  package var kind: Kind
  /// The layer or the part of the machine.
  package var place: String
  package var found: String
  package var expected: String
  /// What the user can change.
  package var remedy: String

  package init(_ kind: Kind, place: String, found: String, expected: String, remedy: String) {
    self.kind = kind
    self.place = place
    self.found = found
    self.expected = expected
    self.remedy = remedy
  }

  package var description: String { "\(place): found \(found), expected \(expected); \(remedy)" }
}
