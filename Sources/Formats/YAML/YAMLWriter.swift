/// Writes a tree as YAML that reads back as the same tree.
package enum YAMLWriter {
  /// The document in block style; lists and mappings of scalars only are written in one line when they fit.
  package static func document(_ node: YAMLNode) -> String {
    var lines: [String] = []
    append(node, prefix: "", indentation: 0, to: &lines)
    return lines.joined(separator: "\n") + "\n"
  }

  /// The value in one line: `{rows: 32, dataflows: [weight-stationary]}`.
  package static func flow(_ node: YAMLNode) -> String {
    switch node.content {
    case .scalar(let text, let isPlain): scalar(text, isPlain: isPlain)
    case .sequence(let nodes): "[\(nodes.map(flow).joined(separator: ", "))]"
    case .mapping(let entries):
      "{\(entries.map { "\(scalar($0.key, isPlain: false)): \(flow($0.value))" }.joined(separator: ", "))}"
    }
  }

  /// A scalar, quoted when it needs to be; a text that looks like a number is quoted to stay a text.
  package static func scalar(_ text: String, isPlain: Bool) -> String {
    if isPlain && !text.isEmpty && text.unicodeScalars.allSatisfy({ isSafe($0) || $0 == " " }) { return text }
    let looksPlain =
      text.first?.isLetter ?? false && text.last != " "
      && text.unicodeScalars.allSatisfy { isSafe($0) || $0 == " " }
    if looksPlain, !["true", "false", "null", "Null", "NULL"].contains(text) { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case "\r": quoted += "\\r"
      default:
        let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0xFEFF
        if isControl || (0x2028...0x2029).contains(scalar.value) {
          let digits = String(scalar.value, radix: 16, uppercase: true)
          quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          quoted.unicodeScalars.append(scalar)
        }
      }
    }
    return quoted + "\""
  }

  private static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
    // The tables of Unicode are slow, and nearly every scalar is one of these.
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", "/", "(", ")", "+": return true
    case _ where scalar.isASCII: return false
    default: break
    }
    return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      || scalar == "µ"
  }

  private static func append(_ node: YAMLNode, prefix: String, indentation: Int, to lines: inout [String]) {
    // Written out only where its length decides, or where it is what is written: each level holds all below it.
    func isLong() -> Bool { (prefix + flow(node)).count > 100 }
    switch node.content {
    case .mapping(let entries)
    where !entries.isEmpty && (indentation == 0 || hasNested(node) || isLong()):
      if !prefix.isEmpty, !prefix.hasSuffix("- ") { lines.append(trimmed(prefix)) }
      for (index, entry) in entries.enumerated() {
        let margin =
          index == 0 && prefix.hasSuffix("- ") ? prefix : String(repeating: " ", count: indentation)
        append(
          entry.value, prefix: "\(margin)\(scalar(entry.key, isPlain: false)): ",
          indentation: indentation + 2, to: &lines
        )
      }
    case .sequence(let nodes) where !nodes.isEmpty && (hasNested(node) || isLong()):
      lines.append(trimmed(prefix))
      for element in nodes {
        append(
          element, prefix: String(repeating: " ", count: indentation) + "- ", indentation: indentation + 2,
          to: &lines)
      }
    default: lines.append(prefix + flow(node))
    }
  }

  /// Whether a list or mapping holds another one that is itself not flat.
  private static func hasNested(_ node: YAMLNode) -> Bool {
    switch node.content {
    case .scalar: false
    case .sequence(let nodes): nodes.contains { $0.isCollection }
    case .mapping(let entries): entries.contains { $0.value.isCollection }
    }
  }

  private static func trimmed(_ prefix: String) -> String {
    String(prefix.reversed().drop { $0 == " " }.reversed())
  }
}

extension YAMLNode {
  fileprivate var isCollection: Bool {
    if case .scalar = content { false } else { true }
  }
}
