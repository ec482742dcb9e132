/// Rows of text in aligned columns, fitted to a width: the widest flexible column gives way, and its cells are cut so
/// that different ones stay different.
package struct TextTable: Sendable {
  /// One column.
  package struct Column: Hashable, Sendable {
    package enum Alignment: Sendable {
      case left, right
    }
    package var title: String
    package var alignment: Alignment
    /// Whether the column may be cut when the table is too wide.
    package var isFlexible: Bool
    /// Whether a cut cell keeps its end if it can, where names of layers differ, rather than its start.
    package var keepsEnd: Bool

    package init(
      _ title: String, _ alignment: Alignment = .left, isFlexible: Bool = false, keepsEnd: Bool = false
    ) {
      self.title = title
      self.alignment = alignment
      self.isFlexible = isFlexible
      self.keepsEnd = keepsEnd
    }
  }

  package var columns: [Column]
  package var rows: [[String]] = []

  package init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row of one cell for each column.
  package mutating func add(_ cells: String...) { rows.append(cells) }

  /// The lines of the table, each indented by two columns; headers only where a column has a title.
  package func lines(in style: TerminalStyle) -> [String] {
    var cells = rows.map { $0.map(style.printable) }
    var widths = columns.indices.map { index in
      cells.reduce(columns[index].title.count) { max($0, index < $1.count ? $1[index].count : 0) }
    }
    let gaps = 2 + 2 * (columns.count - 1)
    var excess = widths.reduce(gaps, +) - style.width
    while excess > 0,
      let widest = columns.indices.filter({ columns[$0].isFlexible && widths[$0] > 10 }).max(by: {
        widths[$0] < widths[$1]
      })
    {
      widths[widest] -= 1
      excess -= 1
    }
    let ellipsis = style.usesUnicode ? "…" : ".."
    for index in columns.indices where columns[index].isFlexible {
      let shortener = NameShortener(
        width: widths[index], ellipsis: ellipsis, prefersEnds: columns[index].keepsEnd)
      let texts = shortener.shortened(cells.map { index < $0.count ? $0[index] : "" })
      for row in cells.indices where index < cells[row].count { cells[row][index] = texts[row] }
    }
    var lines: [String] = []
    if columns.contains(where: { !$0.title.isEmpty }) {
      lines.append(style.faint(line(columns.map(\.title), widths, ellipsis)))
    }
    return lines + cells.map { line($0, widths, ellipsis) }
  }

  private func line(_ cells: [String], _ widths: [Int], _ ellipsis: String) -> String {
    var output = "  "
    for (index, cell) in cells.enumerated() where index < columns.count {
      let isLast = index == columns.count - 1
      // Cells fit by now; a title may not.
      let isWide = cell.count > widths[index]
      let text = isWide ? cell.prefix(max(1, widths[index] - ellipsis.count)) + ellipsis : cell
      let padding = String(repeating: " ", count: max(0, widths[index] - text.count))
      output += columns[index].alignment == .right ? padding + text : isLast ? text : text + padding
      if !isLast { output += "  " }
    }
    while output.last == " " { output.removeLast() }
    return output
  }
}
