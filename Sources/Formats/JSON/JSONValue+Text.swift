extension JSONValue {
  /// The document as text: two spaces of indentation, arrays of scalars on one line, a newline at the end.
  ///
  /// - Complexity: O(bytes written).
  package var text: String {
    var output = ""
    write(to: &output, indentation: 0)
    output += "\n"
    return output
  }

  private func write(to output: inout String, indentation: Int) {
    switch self {
    case .null: output += "null"
    case .bool(let value): output += value ? "true" : "false"
    case .integer(let value): output += String(value)
    case .number(let value): output += value.isFinite ? value.description : "null"
    case .string(let value): Self.quote(value, to: &output)
    case .array(let elements): Self.write(elements, to: &output, indentation: indentation)
    case .object(let members): Self.write(members, to: &output, indentation: indentation)
    }
  }

  private static func write(_ elements: [JSONValue], to output: inout String, indentation: Int) {
    let isFlat = elements.allSatisfy(\.isScalar)
    output += "["
    for (index, element) in elements.enumerated() {
      if index > 0 { output += isFlat ? ", " : "," }
      if !isFlat { breakLine(&output, indentation + 1) }
      element.write(to: &output, indentation: indentation + 1)
    }
    if !isFlat { breakLine(&output, indentation) }
    output += "]"
  }

  private static func write(_ members: [Member], to output: inout String, indentation: Int) {
    output += "{"
    for (index, member) in members.enumerated() {
      if index > 0 { output += "," }
      breakLine(&output, indentation + 1)
      quote(member.name, to: &output)
      output += ": "
      member.value.write(to: &output, indentation: indentation + 1)
    }
    if !members.isEmpty { breakLine(&output, indentation) }
    output += "}"
  }

  private static func breakLine(_ output: inout String, _ indentation: Int) {
    output += "\n"
    output += String(repeating: "  ", count: indentation)
  }

  /// Writes a string literal by RFC 8259 §7; everything but quotes, backslashes and control characters stands as it is.
  private static func quote(_ text: String, to output: inout String) {
    output += "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      case "\r": output += "\\r"
      case "\t": output += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: output.unicodeScalars.append(scalar)
      }
    }
    output += "\""
  }
}
