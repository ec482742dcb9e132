import Compiler
import Formats
import Graphs

/// Turns one line of a file into a measurement.
struct RowReader: Sendable {
  var columns: [MeasuredColumn]
  /// Where ONNX files are looked for first.
  var folder: String
  var splitColumn: String?
  /// Whether rows are layers by their extents.
  var byLayer: Bool

  /// Reads a row.
  /// - Throws: ``FormatError`` with everything that is wrong in it.
  func measurement(_ row: CSVTable.Row) throws(FormatError) -> Measurement {
    var diagnostics: [Diagnostic] = []
    let observations = observations(of: row, &diagnostics)
    let weight = number("weight", of: row, &diagnostics) ?? 1
    let zeroShare = share("zeros", of: row, &diagnostics)
    let isWarm = flag("warm", of: row, &diagnostics)
    let subject = subject(of: row, &diagnostics)
    let mapping = mapping(of: row, &diagnostics)
    guard let subject, diagnostics.isEmpty else { throw FormatError(diagnostics) }
    let overrides = text("set", of: row).split(separator: ";").map { $0.trimmed }
    let name = text("name", of: row)
    let group = text("group", of: row)
    return Measurement(
      name: name.isEmpty ? subject.graph.name : name, group: group.isEmpty ? subject.key : group,
      graph: subject.graph, graphOfSamples: subject.rebuild, mapping: mapping, overrides: overrides,
      observations: observations,
      weight: weight, isWarm: isWarm, zeroShare: zeroShare, flag: text("flag", of: row),
      split: splitColumn.map { text($0, of: row) } ?? "",
      place: row.place,
      subject: ([subject.key, text("input", of: row), text("mapping", of: row), text("warm", of: row)]
        + overrides)
        .joined(separator: "|"))
  }

  private func text(_ column: String, of row: CSVTable.Row) -> String {
    row.columns.contains(column) ? (try? row.text(column)) ?? "" : ""
  }

  private func place(_ column: String, of row: CSVTable.Row) -> Place {
    row.columns.firstIndex(of: column).map { row.cells[$0].place } ?? row.place
  }

  /// A positive number; nil where the cell is empty.
  private func number(
    _ column: String, of row: CSVTable.Row, _ diagnostics: inout [Diagnostic]
  ) -> Double? {
    guard !text(column, of: row).isEmpty else { return nil }
    do throws(Diagnostic) {
      let value = try row.number(column)
      guard value > 0 else {
        throw Diagnostic(
          at: place(column, of: row), "\(column): \(value) is not positive", expected: "a number above 0",
          remedy: "leave the cell empty where nothing was measured")
      }
      return value
    } catch {
      diagnostics.append(error)
      return nil
    }
  }

  /// Yes or no; no where the cell is empty.
  private func flag(_ column: String, of row: CSVTable.Row, _ diagnostics: inout [Diagnostic]) -> Bool {
    let text = text(column, of: row)
    if !["", "yes", "no"].contains(text) {
      diagnostics.append(
        Diagnostic(
          at: place(column, of: row), "\(column): '\(excerpt(text))' is neither yes nor no",
          expected: "yes, no, or an empty cell for no"))
    }
    return text == "yes"
  }

  /// A share 0 … 1; 0 where the cell is empty.
  private func share(_ column: String, of row: CSVTable.Row, _ diagnostics: inout [Diagnostic]) -> Double {
    guard !text(column, of: row).isEmpty else { return 0 }
    do throws(Diagnostic) {
      let value = try row.number(column)
      guard (0...1).contains(value) else {
        throw Diagnostic(
          at: place(column, of: row), "\(column): \(value) is no share", expected: "a number 0 … 1")
      }
      return value
    } catch {
      diagnostics.append(error)
      return 0
    }
  }

  private func observations(
    of row: CSVTable.Row, _ diagnostics: inout [Diagnostic]
  ) -> [Observation] {
    var values: [Observation] = []
    let before = diagnostics.count
    for column in columns {
      if let value = number(column.name, of: row, &diagnostics) {
        values.append(Observation(column.quantity, value * column.scale))
      }
    }
    // A power over a time is an energy, which is what adds up.
    let value = { (quantity: MeasuredQuantity) in values.first { $0.quantity == quantity }?.value }
    if let power = value(.power), let latency = value(.latency), value(.energy) == nil {
      values.append(Observation(.energy, power * latency))
    }
    if values.isEmpty, diagnostics.count == before {
      diagnostics.append(
        Diagnostic(
          at: row.place, "the row holds no measured value",
          expected: "a number under \(listed(columns.map(\.name)))", remedy: "remove the row"))
    }
    return values
  }

  /// What a row runs.
  private struct Subject {
    var graph: Graph
    var key: String
    /// The graph with another batch.
    var rebuild: @Sendable (Int) throws -> Graph
  }

  private func subject(
    of row: CSVTable.Row, _ diagnostics: inout [Diagnostic]
  ) -> Subject? {
    do throws(Diagnostic) {
      if byLayer {
        let layer = try LayerDimensions(row)
        do throws(ShapeError) {
          return Subject(
            graph: try layer.graph(name: layer.summary), key: layer.summary,
            rebuild: { try layer.withSamples($0).graph(name: layer.summary) })
        } catch {
          throw Diagnostic(at: row.place, "the extents contradict each other: \(error)")
        }
      }
      let batch = text("batch", of: row).isEmpty ? 1 : try row.whole("batch", in: 1...65536)
      let reference = NetworkReference(
        name: text("network", of: row), input: text("input", of: row), batch: batch)
      let (folder, place) = (folder, place("network", of: row))
      return Subject(
        graph: try reference.graph(besides: folder, at: place),
        key: batch == 1 ? reference.name : "\(reference.name) × \(batch)",
        rebuild: { samples in
          var other = reference
          other.batch = samples
          return try other.graph(besides: folder, at: place)
        })
    } catch {
      diagnostics.append(error)
      return nil
    }
  }

  private func mapping(of row: CSVTable.Row, _ diagnostics: inout [Diagnostic]) -> ExplicitMapping? {
    let text = text("mapping", of: row)
    guard !text.isEmpty else { return nil }
    do throws(CompileError) {
      return try ExplicitMapping(text)
    } catch {
      diagnostics.append(
        Diagnostic(
          at: place("mapping", of: row), "found \(error.found)", expected: error.expected,
          remedy: error.remedy))
      return nil
    }
  }
}

extension Substring {
  /// Without spaces at both ends.
  fileprivate var trimmed: String {
    var text = self[...]
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
