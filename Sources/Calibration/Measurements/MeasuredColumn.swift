import Formats

/// A column of measured values: the heading says what and in which unit ("latency_ms", "energy_uj", "cycles").
struct MeasuredColumn: Hashable, Sendable {
  var name: String
  var quantity: MeasuredQuantity
  /// What a number of the column is worth in the quantity's own unit.
  var scale: Double

  /// The headings of each quantity with a unit, in the order in which messages list them.
  private static let suffixes: [(quantity: MeasuredQuantity, units: [(String, Double)])] = [
    (.latency, [("s", 1), ("ms", 1e-3), ("us", 1e-6), ("ns", 1e-9)]),
    (.energy, [("j", 1), ("mj", 1e-3), ("uj", 1e-6), ("nj", 1e-9), ("pj", 1e-12)]),
    (.power, [("w", 1), ("mw", 1e-3), ("uw", 1e-6)]),
  ]

  /// The column of a heading; nil where the heading is none of a measured value.
  /// - Throws: ``Diagnostic`` for a measured value without a unit, or in one that is not known.
  init?(heading cell: CSVTable.Cell) throws(Diagnostic) {
    let text = cell.text.lowercased()
    if text == "cycles" {
      self.init(name: cell.text, quantity: .cycles, scale: 1)
      return
    }
    for (quantity, units) in Self.suffixes
    where text == quantity.rawValue || text.hasPrefix(quantity.rawValue + "_") {
      let written = units.map { "\(quantity.rawValue)_\($0.0)" }
      guard let unit = units.first(where: { text == "\(quantity.rawValue)_\($0.0)" }) else {
        throw Diagnostic(
          at: cell.place,
          text == quantity.rawValue
            ? "the column '\(excerpt(cell.text))' has no unit"
            : "the column '\(excerpt(cell.text))' has a unit that is not known",
          expected: listed(written), remedy: "rename it to the unit that its numbers are in")
      }
      self.init(name: cell.text, quantity: quantity, scale: unit.1)
      return
    }
    return nil
  }

  private init(name: String, quantity: MeasuredQuantity, scale: Double) {
    self.name = name
    self.quantity = quantity
    self.scale = scale
  }

  /// The measured columns of a table.
  ///
  /// - Throws: ``FormatError`` where there is none, one has no unit, or two say the same in different units.
  static func all(in table: CSVTable) throws(FormatError) -> [MeasuredColumn] {
    var columns: [MeasuredColumn] = []
    var diagnostics: [Diagnostic] = []
    for cell in table.columns {
      do throws(Diagnostic) {
        guard let column = try MeasuredColumn(heading: cell) else { continue }
        if let other = columns.first(where: { $0.conflicts(with: column) }) {
          diagnostics.append(
            Diagnostic(
              at: cell.place, "'\(excerpt(cell.text))' and '\(excerpt(other.name))' measure the same twice",
              expected: "one column for each quantity", remedy: "remove one of them"))
        }
        columns.append(column)
      } catch {
        diagnostics.append(error)
      }
    }
    if columns.isEmpty, diagnostics.isEmpty {
      diagnostics.append(
        Diagnostic(
          at: table.columns[0].place, "no column holds measured values",
          expected: "at least one of latency_ms, cycles, energy_uj and power_mw, with its unit in the name"))
    }
    guard diagnostics.isEmpty else { throw FormatError(diagnostics) }
    return columns
  }

  private func conflicts(with other: MeasuredColumn) -> Bool {
    quantity == other.quantity || (quantity.isTime && other.quantity.isTime)
  }
}
