package import Formats

/// Numbers of all 15,625 networks of NAS-Bench-201, read from a table with a column `code`.
///
/// Source of the space: Dong and Yang 2020, arXiv:2001.00326.
package struct NASBench201Table: Sendable {
  package let space: NASBench201Space
  /// The architecture of each row, in the table's order.
  package let architectures: [Architecture]
  /// The values of each column that was asked for, in the order of rows; NaN where a cell is empty.
  package let columns: [String: [Double]]
  private let rows: [Architecture: Int]

  /// Reads a table as text, taking the named columns.
  ///
  /// - Throws: `FormatError` for a missing column, a cell that is no number, a code that is none or is there twice.
  /// - Complexity: O(bytes).
  package init(
    csv text: String, file: String, columns names: [String], space: NASBench201Space = NASBench201Space()
  ) throws(FormatError) {
    let table = try CSVReader.read(text, file: file)
    var diagnostics: [Diagnostic] = []
    var architectures: [Architecture] = []
    var columns: [String: [Double]] = [:]
    var rows: [Architecture: Int] = [:]
    for row in table.rows {
      do throws(Diagnostic) {
        let code = try row.text("code")
        guard let architecture = space.architecture(code) else {
          throw Diagnostic(
            at: row.place, "code: '\(excerpt(code))' is no cell", expected: "six digits from 0 to 4")
        }
        guard rows.updateValue(architectures.count, forKey: architecture) == nil else {
          throw Diagnostic(at: row.place, "code: the cell \(code) is there twice")
        }
        architectures.append(architecture)
        for name in names {
          let isEmpty = try row.text(name).isEmpty
          columns[name, default: []].append(isEmpty ? .nan : try row.number(name))
        }
      } catch {
        diagnostics.append(error)
        // A missing column is missing in every row.
        if diagnostics.count >= 20 { break }
      }
    }
    guard diagnostics.isEmpty else { throw FormatError(diagnostics) }
    self.space = space
    self.architectures = architectures
    self.columns = columns
    self.rows = rows
  }

  /// The row of an architecture, or nil where the table has none.
  package func row(of architecture: Architecture) -> Int? { rows[architecture] }

  /// A column in the order of the space, the last choice running fastest; nil where architectures are missing.
  package func values(_ column: String) -> [Double]? {
    guard let values = columns[column], rows.count == space.count else { return nil }
    return space.all.compactMap { rows[$0].map { values[$0] } }
  }
}
