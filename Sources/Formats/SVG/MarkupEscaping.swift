extension String {
  /// The text as it may stand between tags or inside a quoted attribute of XML and HTML.
  ///
  /// Control characters, which XML 1.0 forbids, become U+FFFD: names come from files that nobody vouches for.
  package var escapedForMarkup: String {
    guard unicodeScalars.contains(where: { Self.markup(for: $0) != nil }) else { return self }
    var output = ""
    for scalar in unicodeScalars {
      if let markup = Self.markup(for: scalar) {
        output += markup
      } else {
        output.unicodeScalars.append(scalar)
      }
    }
    return output
  }

  private static func markup(for scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "&": "&amp;"
    case "<": "&lt;"
    case ">": "&gt;"
    case "\"": "&quot;"
    case "'": "&#39;"
    case "\t", "\n", "\r": nil
    case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value): "\u{FFFD}"
    case _ where scalar.value & 0xFFFE == 0xFFFE: "\u{FFFD}"
    default: nil
    }
  }
}
