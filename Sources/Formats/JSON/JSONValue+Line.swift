extension JSONValue {
  /// The document as one line without blanks between its parts and without a newline: a record of a JSON Lines file, or
  /// a header inside another format.
  package var line: String {
    switch self {
    case .null, .bool, .integer, .number, .string: String(text.dropLast())
    case .array(let elements): "[" + elements.map(\.line).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.map { JSONValue.string($0.name).line + ":" + $0.value.line }.joined(separator: ",") + "}"
    }
  }
}
