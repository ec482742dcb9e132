package import Formats

/// All rows of a file of measurements.
package struct MeasurementSet: Sendable {
  /// The file's name, without its folder.
  package var name: String
  /// Digest of the file; lower-case hexadecimal.
  package var sha256: String
  /// When the measurements were taken, as the file says; empty where it does not.
  package var date: String
  package var rows: [Measurement]
  /// Columns that mean nothing to a calibration.
  package var unusedColumns: [String]

  /// Rows that take part.
  package var usedRows: [Measurement] { rows.filter(\.flag.isEmpty) }
}

extension MeasurementSet {
  /// Columns beside the measured ones and the extents of a layer.
  static let knownColumns = [
    "network", "name", "group", "input", "batch", "mapping", "set", "weight", "warm", "zeros", "flag",
    "date",
  ]

  /// Reads a file of measurements.
  ///
  /// - Parameters:
  ///   - text: Comma-separated values, the first line with the names of the columns.
  ///   - path: The file's path, for messages and for ONNX files beside it.
  ///   - splitColumn: The column that says which rows are for fitting; nil for none.
  /// - Throws: ``FormatError`` with everything that is wrong, each at line and column.
  package init(csv text: String, path: String, splitColumn: String? = nil) throws(FormatError) {
    let table = try CSVReader.read(text, file: path)
    let columns = try MeasuredColumn.all(in: table)
    let names = table.columns.map(\.text)
    let byLayer = !names.contains("network") && LayerDimensions.areGiven(in: names)
    var diagnostics: [Diagnostic] = []
    if !byLayer, !names.contains("network") {
      diagnostics.append(
        Diagnostic(
          at: table.columns[0].place, "there is no column 'network'",
          expected: "'network', or the extents of layers in C, K, P, Q, R and S"))
    }
    if let splitColumn, !names.contains(splitColumn) {
      diagnostics.append(
        Diagnostic(
          at: table.columns[0].place, "there is no column '\(excerpt(splitColumn))' to split the rows by",
          expected: listed(names)))
    }
    if table.rows.isEmpty {
      diagnostics.append(
        Diagnostic(at: table.columns[0].place, "the file has no rows", expected: "at least one measurement"))
    }
    guard diagnostics.isEmpty else { throw FormatError(diagnostics) }
    let reader = RowReader(
      columns: columns, folder: path.folderOfPath, splitColumn: splitColumn, byLayer: byLayer)
    rows = []
    for row in table.rows {
      do throws(FormatError) {
        rows.append(try reader.measurement(row))
      } catch {
        diagnostics += error.diagnostics
      }
    }
    guard diagnostics.isEmpty else { throw FormatError(diagnostics) }
    name = String(path.split(separator: "/").last ?? "")
    sha256 = Formats.sha256(of: Array(text.utf8))
    let dates = table.rows.compactMap { try? $0.text("date") }.filter { !$0.isEmpty }
    date = Set(dates).sorted().reduce("") { $0.isEmpty ? $1 : "\($0), \($1)" }
    let known =
      Self.knownColumns + columns.map(\.name) + [splitColumn ?? ""]
      + (byLayer ? LayerDimensions.required + LayerDimensions.optional : [])
    unusedColumns = names.filter { !$0.isEmpty && !known.contains($0) }
  }
}

extension String {
  /// The path without its last component; empty when there is only one.
  var folderOfPath: String {
    lastIndex(of: "/").map { String(self[..<$0]) } ?? ""
  }
}
