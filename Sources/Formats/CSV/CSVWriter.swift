/// Writes comma-separated values as RFC 4180 has them, with LF line ends.
package enum CSVWriter {
  /// The lines of a table, the header first.
  package static func text(_ records: [[String]]) -> String {
    records.map { $0.map(cell).joined(separator: ",") + "\n" }.joined()
  }

  /// A cell, quoted when its text needs it.
  package static func cell(_ text: String) -> String {
    let needsQuotes =
      text.first == " " || text.last == " " || text.first == "\t" || text.last == "\t"
      || text.unicodeScalars.contains { ",\"\n\r\u{FEFF}".unicodeScalars.contains($0) }
    return needsQuotes ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
  }
}
