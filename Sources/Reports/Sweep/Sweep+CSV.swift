package import Formats
import Hardware
import Measures

extension Sweep {
  private static let before = ["network"]
  private static let after = [
    "on_front", "latency_seconds", "energy_joules", "average_power_watts", "peak_power_watts",
    "mac_utilization", "cycles", "macs", "dram_read_bytes", "dram_write_bytes", "sram_peak_bytes", "format",
    "status", "error", "network_sha256", "model_sha256", "version",
  ]

  private var header: [String] { Self.before + keys + Self.after }

  /// The points that have run, one line each, with units in the header (RFC 4180).
  package var csv: String {
    let front = front
    var records = [header]
    for (index, point) in points.enumerated() {
      guard let outcome = point.outcome else { continue }
      var record = [point.network] + point.values
      switch outcome {
      case .figures(let figures):
        record.append(front.contains(index) ? "1" : "0")
        record += [
          figures.latency.value, figures.energy.value, figures.averagePower.value, figures.peakPower.value,
          figures.macUtilization,
        ].map { "\($0)" }
        record += [
          figures.cycles, figures.macs, figures.memoryReadBytes, figures.memoryWriteBytes,
          figures.scratchpadPeakBytes,
        ].map { "\($0)" }
        record += [figures.format, "0", ""]
      case .failed(let status, let finding):
        record += Array(repeating: "", count: 12) + ["\(status)", finding]
      }
      records.append(record + [point.networkSHA256, point.modelSHA256, provenance.version])
    }
    return CSVWriter.text(records)
  }

  /// Takes over what an earlier run of the same sweep has finished.
  ///
  /// A row counts where network, machine, values and version are the same and the point did not fail.
  /// - Returns: how many points need not run.
  /// - Throws: ``FormatError`` where the text is not the table of a sweep over the same keys.
  package mutating func resume(from text: String, file: String) throws(FormatError) -> Int {
    let table = try CSVReader.read(text, file: file)
    guard table.columns.map(\.text) == header else {
      throw FormatError([
        Diagnostic(
          at: Place(source: file, line: 1, column: 1), "the file is not the table of this sweep",
          expected: "the columns \(listed(Self.before + keys)), then the results",
          remedy: "name another file with --csv, or remove this one")
      ])
    }
    var kept: [[String]: Figures] = [:]
    for row in table.rows {
      do throws(Diagnostic) {
        guard try row.whole("status") == 0, try row.text("version") == provenance.version else { continue }
        kept[try identity(of: row)] = try Figures(row)
      } catch {
        throw FormatError([error])
      }
    }
    var count = 0
    for index in points.indices {
      let point = points[index]
      let identity = [point.network] + point.values + [point.networkSHA256, point.modelSHA256]
      guard let figures = kept[identity] else { continue }
      points[index].outcome = .figures(figures)
      count += 1
    }
    return count
  }

  private func identity(of row: CSVTable.Row) throws(Diagnostic) -> [String] {
    let settings = row.cells[Self.before.count..<Self.before.count + keys.count].map(\.text)
    return [try row.text("network")] + settings
      + [try row.text("network_sha256"), try row.text("model_sha256")]
  }
}

extension Sweep.Figures {
  fileprivate init(_ row: CSVTable.Row) throws(Diagnostic) {
    self.init(
      cycles: try row.whole("cycles"), latency: Seconds(try row.number("latency_seconds")),
      energy: Joules(try row.number("energy_joules")),
      averagePower: Watts(try row.number("average_power_watts")),
      peakPower: Watts(try row.number("peak_power_watts")),
      macUtilization: try row.number("mac_utilization"), macs: try row.whole("macs"),
      memoryReadBytes: try row.whole("dram_read_bytes"), memoryWriteBytes: try row.whole("dram_write_bytes"),
      scratchpadPeakBytes: try row.whole("sram_peak_bytes"), format: try row.text("format"))
  }
}
