import Formats
import Graphs

/// Reads the lines of a topology and notes everything that is wrong with them.
struct TopologyReader {
  let path: String
  private(set) var diagnostics: [Diagnostic] = []

  /// A cell with the column, from 1, where its text starts.
  private struct Cell {
    var text: Substring
    var column: Int
  }

  /// Reading ends after so many findings: more of them help nobody.
  private static let mostDiagnostics = 20

  /// Extents above this are refused, so that no sum of a few of them can overflow.
  private static let largestExtent = 1 << 30

  init(path: String) { self.path = path }

  /// The layers of a text; only what ``diagnostics`` does not mention can be trusted.
  mutating func layers(of text: String) -> [TopologyLayer] {
    var columns: [TopologyColumn]?
    var layers: [TopologyLayer] = []
    var names: [String: Int] = [:]
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      if diagnostics.count >= Self.mostDiagnostics { break }
      let cells = Self.cells(of: line)
      if cells.isEmpty { continue }
      guard let known = columns else {
        columns = heading(cells, line: index + 1)
        if columns == nil { return [] }
        continue
      }
      guard var layer = layer(cells, columns: known, line: index + 1) else { continue }
      // Files repeat names; the second "conv" becomes "conv#2".
      let count = names[layer.name, default: 0] + 1
      names[layer.name] = count
      if count > 1 { layer.name += "#\(count)" }
      layers.append(layer)
    }
    return layers
  }

  /// The cells of a line without surrounding blanks; empty cells at the end are dropped.
  private static func cells(of line: Substring) -> [Cell] {
    var cells: [Cell] = []
    var column = 1
    for part in line.split(separator: ",", omittingEmptySubsequences: false) {
      let lead = part.prefix { $0 == " " || $0 == "\t" || $0 == "\u{FEFF}" }
      var text = part.dropFirst(lead.count)
      while text.last == " " || text.last == "\t" { text.removeLast() }
      cells.append(Cell(text: text, column: column + lead.unicodeScalars.count))
      column += part.unicodeScalars.count + 1
    }
    while cells.last?.text.isEmpty == true { cells.removeLast() }
    return cells
  }

  /// The columns that the first line names.
  private mutating func heading(_ cells: [Cell], line: Int) -> [TopologyColumn]? {
    var columns: [TopologyColumn] = []
    for cell in cells {
      guard let column = TopologyColumn(heading: cell.text) else {
        note(line, cell.column, "heading '\(cell.text)'", expected: Self.expectedHeadings)
        return nil
      }
      guard !columns.contains(column) else {
        note(line, cell.column, "heading '\(cell.text)' a second time", expected: "each column once")
        return nil
      }
      columns.append(column)
    }
    let layout = columns.contains(.m) ? TopologyColumn.matrixProduct : TopologyColumn.convolution
    guard Set(columns).subtracting([.sparsity]) == Set(layout) else {
      let found = columns.map(\.heading).joined(separator: ", ")
      note(line, cells[0].column, "the columns \(found)", expected: Self.expectedHeadings)
      return nil
    }
    return columns
  }

  private static var expectedHeadings: String {
    let layouts = [TopologyColumn.convolution, TopologyColumn.matrixProduct]
    return layouts.map { "'" + $0.map(\.heading).joined(separator: ", ") + "'" }.joined(separator: " or ")
      + ", and Sparsity if wanted"
  }

  private mutating func layer(_ cells: [Cell], columns: [TopologyColumn], line: Int) -> TopologyLayer? {
    let required = columns.last == .sparsity ? columns.count - 1 : columns.count
    guard cells.count >= required, cells.count <= columns.count else {
      let end = cells[cells.count - 1]
      note(line, end.column, "\(cells.count) cells", expected: "\(columns.count), one for each heading")
      return nil
    }
    let before = diagnostics.count
    var numbers: [TopologyColumn: Int] = [:]
    var name = ""
    var sparsity: StructuredSparsity?
    for (cell, column) in zip(cells, columns) {
      switch column {
      case .name:
        name = String(cell.text)
        if name.isEmpty { note(line, cell.column, "a layer without a name", expected: "a name") }
      case .sparsity: sparsity = self.sparsity(cell, line: line)
      default: numbers[column] = number(cell, column, line: line)
      }
    }
    guard diagnostics.count == before, let shape = shape(numbers, cells, columns, line: line) else {
      return nil
    }
    let place = Place(source: path, line: line, column: cells[0].column)
    return TopologyLayer(name: name, shape: shape, sparsity: sparsity, place: place)
  }

  private mutating func shape(
    _ numbers: [TopologyColumn: Int], _ cells: [Cell], _ columns: [TopologyColumn], line: Int
  ) -> TopologyLayer.Shape? {
    if let m = numbers[.m], let n = numbers[.n], let k = numbers[.k] {
      return .matrixProduct(m: m, n: n, k: k)
    }
    func value(_ column: TopologyColumn) -> Int { numbers[column] ?? 1 }
    for (filter, input) in [
      (TopologyColumn.filterHeight, TopologyColumn.inputHeight), (.filterWidth, .inputWidth),
    ]
    where value(filter) > value(input) {
      let column = columns.firstIndex(of: filter).map { cells[$0].column } ?? 1
      note(
        line, column, "a filter of \(value(filter)) over an input of \(value(input))",
        expected: "a filter no larger than the input (topologies have no padding)")
      return nil
    }
    return .convolution(
      TopologyConvolution(
        input: .init(value(.inputHeight), value(.inputWidth)),
        filter: .init(value(.filterHeight), value(.filterWidth)), channels: value(.channels),
        filters: value(.filters), stride: value(.stride)))
  }

  private mutating func number(_ cell: Cell, _ column: TopologyColumn, line: Int) -> Int? {
    guard let value = Int(cell.text), (1...Self.largestExtent).contains(value) else {
      note(
        line, cell.column, "\(column.heading) '\(cell.text)'", expected: "a whole number from 1 to 2^30")
      return nil
    }
    return value
  }

  /// "2:4"; an empty cell is dense.
  private mutating func sparsity(_ cell: Cell, line: Int) -> StructuredSparsity? {
    if cell.text.isEmpty { return nil }
    let parts = cell.text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let kept = Int(parts[0]), let of = Int(parts[1]), kept >= 1, kept <= of else {
      note(line, cell.column, "Sparsity '\(cell.text)'", expected: "N:M with 1 ≤ N ≤ M, such as 2:4")
      return nil
    }
    return StructuredSparsity(kept: kept, of: of)
  }

  private mutating func note(_ line: Int, _ column: Int, _ finding: String, expected: String) {
    diagnostics.append(
      Diagnostic(at: Place(source: path, line: line, column: column), finding, expected: expected))
  }
}
