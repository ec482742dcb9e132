/// Comma-separated values in which every cell knows its place.
package struct CSVTable: Hashable, Sendable {
  /// A cell without its quotes, spaces around it removed unless it was quoted.
  package struct Cell: Hashable, Sendable {
    package var text: String
    package var place: Place

    package init(_ text: String, at place: Place) {
      self.text = text
      self.place = place
    }
  }

  /// A record with as many cells as the table has columns.
  package struct Row: Hashable, Sendable {
    package var cells: [Cell]
    /// The names of the table's columns.
    package var columns: [String]
    package var place: Place
  }

  package var columns: [Cell]
  package var rows: [Row]

  package init(columns: [Cell], rows: [Row]) {
    self.columns = columns
    self.rows = rows
  }
}

extension CSVTable.Row {
  /// The text under a column; it may be empty.
  /// - Throws: ``Diagnostic`` when there is no such column.
  package func text(_ column: String) throws(Diagnostic) -> String { try cell(column).text }

  /// The whole number under a column.
  /// - Throws: ``Diagnostic`` when there is no such column, or the cell is no whole number in `range`.
  package func whole(_ column: String, in range: ClosedRange<Int> = Int.min...Int.max) throws(Diagnostic)
    -> Int
  {
    let cell = try cell(column)
    let bounds = range == Int.min...Int.max ? "" : " \(range.lowerBound) … \(range.upperBound)"
    guard let value = Int(cell.text) else {
      throw Diagnostic(at: cell.place, refusal(of: cell, column), expected: "a whole number\(bounds)")
    }
    guard range.contains(value) else {
      throw Diagnostic(
        at: cell.place, "\(column): \(value) is out of range", expected: "a whole number\(bounds)")
    }
    return value
  }

  /// The number under a column, decimal point and exponent allowed.
  /// - Throws: ``Diagnostic`` when there is no such column, or the cell is no finite number.
  package func number(_ column: String) throws(Diagnostic) -> Double {
    let cell = try cell(column)
    let isDecimal = cell.text.utf8.allSatisfy { "+-.eE0123456789".utf8.contains($0) }
    guard isDecimal, let value = Double(cell.text), value.isFinite else {
      throw Diagnostic(at: cell.place, refusal(of: cell, column), expected: "a number")
    }
    return value
  }

  private func refusal(of cell: CSVTable.Cell, _ column: String) -> String {
    cell.text.isEmpty ? "\(column): the cell is empty" : "\(column): '\(excerpt(cell.text))' is not a number"
  }

  private func cell(_ column: String) throws(Diagnostic) -> CSVTable.Cell {
    guard let index = columns.firstIndex(of: column) else {
      throw Diagnostic(
        at: place, "there is no column '\(excerpt(column))'",
        expected: listed(columns.filter { !$0.isEmpty }),
        remedy: nearest(to: column, among: columns).map { "did you mean '\($0)'?" })
    }
    return cells[index]
  }
}
