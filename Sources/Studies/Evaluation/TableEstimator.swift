import Formats
package import Search

/// Quality looked up in a table of NAS-Bench-201, as a share of 1.
package struct TableEstimator: QualityEstimator {
  private let table: NASBench201Table
  private let column: String

  /// Reads the table, plain or compressed by gzip, which gives qualities in percent.
  /// - Throws: `FormatError` for a table that cannot be read.
  package init(bytes: [UInt8], file: String, column: String) throws {
    self.column = column
    let text = Gzip.isCompressed(bytes) ? try Gzip.decompress(bytes, source: file) : bytes
    table = try NASBench201Table(csv: String(decoding: text, as: UTF8.self), file: file, columns: [column])
  }

  package func quality(
    of architecture: Architecture, in space: any SearchSpace, trial: Int
  ) throws -> (quality: Double, curve: [TrialRecord.Epoch]) {
    guard let row = table.row(of: architecture), let value = table.columns[column]?[row], !value.isNaN else {
      throw TrialFailure("the table has no \(column) of \(space.text(of: architecture))")
    }
    return (value / 100, [])
  }
}
