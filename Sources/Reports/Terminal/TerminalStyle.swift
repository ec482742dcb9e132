/// What a terminal, or the file that stands in for it, can show.
package struct TerminalStyle: Hashable, Sendable {
  /// Columns of a line.
  package var width: Int
  package var usesColor: Bool
  /// Whether bars, dashes and prefixes beyond ASCII may be written.
  package var usesUnicode: Bool

  package init(width: Int, usesColor: Bool, usesUnicode: Bool) {
    self.width = min(max(width, 60), 160)
    self.usesColor = usesColor
    self.usesUnicode = usesUnicode
  }

  /// For pipes and files: ASCII, no colour, 100 columns.
  package static let plain = TerminalStyle(width: 100, usesColor: false, usesUnicode: false)

  /// The text in bold where colours are used.
  package func heading(_ text: String) -> String { usesColor ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
  /// The text in the terminal's faint colour where colours are used.
  package func faint(_ text: String) -> String { usesColor ? "\u{1B}[2m\(text)\u{1B}[0m" : text }

  /// The text as this terminal can show it: no control characters, and only ASCII where it knows no more.
  ///
  /// Names come from files of others; an escape sequence in one of them must not reach the terminal.
  package func printable(_ text: String) -> String {
    var output = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value): output += "?"
      case _ where (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value):
        output += "?"
      case _ where usesUnicode || scalar.isASCII: output.unicodeScalars.append(scalar)
      case "µ", "μ": output += "u"
      case "×": output += "x"
      case "·": output += "*"
      case "–", "—": output += "-"
      case "…": output += "..."
      case "“", "”": output += "\""
      case "→": output += "->"
      case "≤": output += "<="
      case "≥": output += ">="
      case "±": output += "+-"
      default: output += "?"
      }
    }
    return output
  }

  /// The words of a text in lines of at most ``width`` columns, the first indented by two, the others by four.
  package func paragraph(_ text: String) -> [String] {
    var lines: [String] = []
    var line = "  "
    for word in printable(text).split(separator: " ") {
      if line.count + word.count >= width, line.contains(where: { $0 != " " }) {
        lines.append(line)
        line = "    "
      } else if line.last != " " {
        line += " "
      }
      line += word
    }
    return lines + [line]
  }

  /// A bar of at most `length` columns for a fraction in 0 … 1, exact to an eighth of a column where Unicode is used.
  package func bar(_ fraction: Double, length: Int) -> String {
    let clamped = fraction.isFinite ? min(max(fraction, 0), 1) : 0
    guard usesUnicode else {
      let full = Int((clamped * Double(length)).rounded())
      return String(repeating: "#", count: clamped > 0 ? max(full, 1) : 0)
    }
    let eighths = Int((clamped * Double(length) * 8).rounded())
    let partial = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
    let bar = String(repeating: "█", count: eighths / 8) + partial
    return bar.isEmpty && clamped > 0 ? "▏" : bar
  }
}
