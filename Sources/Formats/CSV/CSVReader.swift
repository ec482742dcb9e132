/// Reads comma-separated values as RFC 4180 has them, with the usual liberties: lines may end in LF, a byte order mark
/// and empty lines are skipped, and lines may end in a comma.
package enum CSVReader {
  /// Cells in a table.
  package static let mostCells = 10_000_000

  /// Reads a table whose first line names the columns.
  ///
  /// Cells past the last column are dropped when they are empty; any other difference in number is an error.
  /// - Throws: ``FormatError`` with everything that is wrong.
  /// - Complexity: O(bytes).
  package static func read(_ text: String, file: String) throws(FormatError) -> CSVTable {
    var scanner = Scanner(text, file: file)
    var diagnostics: [Diagnostic] = []
    var columns: [CSVTable.Cell]?
    var names: [String] = []
    var rows: [CSVTable.Row] = []
    var cellCount = 0
    while var cells = scanner.record() {
      guard cells.count > 1 || !(cells.first?.text.isEmpty ?? true) else { continue }
      let place = cells[0].place
      while cells.count > max(1, names.count), cells.last?.text.isEmpty ?? false { cells.removeLast() }
      cellCount += cells.count
      guard cellCount <= mostCells else {
        diagnostics.append(Diagnostic(at: place, "the table has more than \(mostCells) cells"))
        break
      }
      if columns == nil {
        columns = cells
        names = cells.map(\.text)
        diagnostics += duplicates(among: cells)
      } else if cells.count == names.count {
        rows.append(CSVTable.Row(cells: cells, columns: names, place: place))
      } else {
        diagnostics.append(
          Diagnostic(
            at: place, "the line has \(cells.count) cell\(cells.count == 1 ? "" : "s")",
            expected: "\(names.count), one for each column"))
      }
    }
    diagnostics += scanner.diagnostics
    guard let columns else {
      throw FormatError(
        diagnostics.isEmpty
          ? [
            Diagnostic(
              at: Place(source: file, line: 1, column: 1), "the file is empty",
              expected: "a first line with the names of the columns")
          ] : diagnostics)
    }
    guard diagnostics.isEmpty else { throw FormatError(diagnostics) }
    return CSVTable(columns: columns, rows: rows)
  }

  private static func duplicates(among columns: [CSVTable.Cell]) -> [Diagnostic] {
    var seen: Set<String> = []
    return columns.compactMap { column in
      guard !column.text.isEmpty, !seen.insert(column.text).inserted else { return nil }
      return Diagnostic(
        at: column.place, "the column '\(excerpt(column.text))' is there twice", remedy: "rename one of them")
    }
  }
}

/// The walk over the text, record by record.
private struct Scanner {
  private let scalars: String.UnicodeScalarView
  private var index: String.UnicodeScalarView.Index
  private var line = 1
  private var column = 1
  private let file: String
  private(set) var diagnostics: [Diagnostic] = []

  init(_ text: String, file: String) {
    scalars = text.unicodeScalars
    index = scalars.startIndex
    self.file = file
    if current == "\u{FEFF}" { index = scalars.index(after: index) }
  }

  private var current: Unicode.Scalar? { index < scalars.endIndex ? scalars[index] : nil }
  private var place: Place { Place(source: file, line: line, column: column) }

  private mutating func advance() {
    guard let scalar = current else { return }
    index = scalars.index(after: index)
    if scalar == "\n" {
      line += 1
      column = 1
    } else {
      column += 1
    }
  }

  /// The cells up to the end of the line; nil at the end of the text.
  mutating func record() -> [CSVTable.Cell]? {
    guard current != nil else { return nil }
    var cells: [CSVTable.Cell] = []
    while true {
      cells.append(cell())
      if current == "," {
        advance()
        continue
      }
      if current == "\r" { advance() }
      if current == "\n" { advance() }
      return cells
    }
  }

  private mutating func cell() -> CSVTable.Cell {
    while current == " " || current == "\t" { advance() }
    let start = place
    guard current == "\"" else { return CSVTable.Cell(plain(), at: start) }
    return CSVTable.Cell(quoted(from: start), at: start)
  }

  private mutating func plain() -> String {
    var text = String.UnicodeScalarView()
    while let scalar = current, scalar != ",", scalar != "\n", scalar != "\r" {
      text.append(scalar)
      advance()
    }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return String(text)
  }

  private mutating func quoted(from start: Place) -> String {
    var text = String.UnicodeScalarView()
    advance()
    while let scalar = current {
      advance()
      if scalar == "\"" {
        guard current == "\"" else { break }
        advance()
      } else if current == nil {
        diagnostics.append(
          Diagnostic(at: start, "the quote is not closed", expected: "a '\"' before the end of the file"))
      }
      text.append(scalar)
    }
    while current == " " || current == "\t" { advance() }
    if let scalar = current, scalar != ",", scalar != "\n", scalar != "\r" {
      diagnostics.append(
        Diagnostic(
          at: place, "a text follows a closing quote", expected: "a comma or the end of the line",
          remedy: "write '\"\"' for a quote inside quotes"))
      _ = plain()
    }
    return String(text)
  }
}
