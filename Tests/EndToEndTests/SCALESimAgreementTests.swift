import Foundation
import Testing

/// Every layer of every report of SCALE-Sim 3.0.0 that is kept, against `simulate --on scale-sim --json`.
@Suite struct `Agreement with SCALE-Sim` {
  static let data: URL = {
    if let path = ProcessInfo.processInfo.environment["JOULERY_DATA"] { return URL(filePath: path) }
    return URL(filePath: #filePath).appending(path: "../../../../shared/data").standardizedFileURL
  }()

  /// Folders with a report, in order.
  static let folders: [String] = {
    let root = data.appending(path: "scalesim").path(percentEncoded: false)
    let paths = FileManager.default.enumerator(atPath: root)
    var folders: [String] = []
    while let path = paths?.nextObject() as? String {
      guard path.hasSuffix("/COMPUTE_REPORT.csv") else { continue }
      folders.append(root + "/" + path.dropLast("/COMPUTE_REPORT.csv".count))
    }
    return folders.sorted()
  }()

  struct Layer: Decodable {
    struct Reads: Decodable { var activations, weights, outputs: Double }
    struct Writes: Decodable { var outputs: Double }
    var macs, compute_cycles, stored_weights, weight_metadata_bits: Int
    var mapping_efficiency, compute_utilization: Double
    var sram_reads: Reads
    var sram_writes: Writes
  }
  struct Run: Decodable { var layers: [Layer] }

  private func simulate(_ report: SCALESimReport) throws -> [Layer] {
    let program = try Program()
    defer { program.remove() }
    let run = try program(
      "simulate", report.folder.appending(path: "topology.csv").path(percentEncoded: false), "--on",
      "scale-sim",
      "--set", "array.rows=\(report.rows)", "--set", "array.columns=\(report.columns)", "--set",
      "array.dataflow=\(report.dataflow)", "--set", "array.sparsity=\(report.sparsity)", "--json")
    try #require(run.status == 0, "\(run.errors)")
    return try JSONDecoder().decode(Run.self, from: Data(run.output.utf8)).layers
  }

  /// Equal to the round-off of a sum of floating-point numbers; whole numbers are then equal.
  private func agrees(_ ours: Double, _ row: SCALESimReport.Row, _ column: String) -> Bool {
    guard let theirs = row[column].flatMap({ Double($0) }) else { return false }
    return abs(ours - theirs) <= 1e-12 * abs(theirs)
  }

  @Test(
    .disabled(if: folders.isEmpty, "SCALE-Sim's reports were not found: set JOULERY_DATA"), arguments: folders
  )
  func `cycles, efficiencies and counts of all layers are SCALE-Sim's`(folder: String) throws {
    let report = try SCALESimReport(URL(filePath: folder))
    let layers = try simulate(report)
    try #require(layers.count == report.compute.count && layers.count == report.topology.count)
    for (index, layer) in layers.enumerated() {
      let (compute, access) = (report.compute[index], report.access[index])
      let (reduction, filters) = try #require(report.extents(of: index))
      let total = try #require(compute["Total Cycles"].flatMap { Int($0) })
      let stalls = try #require(compute["Stall Cycles"].flatMap { Int($0) })
      #expect(layer.compute_cycles == total - stalls, "layer \(index)")
      // Its overall utilisation includes the multiplications that sparse layers leave out.
      let macs = layer.macs * reduction * filters / layer.stored_weights
      #expect(
        agrees(100 * Double(macs) / Double(total * report.cells), compute, "Overall Util %"),
        "layer \(index)")
      #expect(agrees(100 * layer.compute_utilization, compute, "Compute Util %"), "layer \(index)")
      #expect(agrees(layer.sram_reads.activations, access, "SRAM IFMAP Reads"), "layer \(index)")
      #expect(agrees(layer.sram_reads.weights, access, "SRAM Filter Reads"), "layer \(index)")
      #expect(agrees(layer.sram_writes.outputs, access, "SRAM OFMAP Writes"), "layer \(index)")
      // SCALE-Sim draws weights for row-wise sparsity and counts those that are not zero; a topology has no values.
      let drawn = report.drawnWeights(reduction: reduction, filters: filters) ?? layer.stored_weights
      #expect(
        agrees(
          100 * layer.mapping_efficiency * Double(drawn) / Double(layer.stored_weights), compute,
          "Mapping Efficiency %"), "layer \(index)")
    }
  }

  @Test(.disabled(if: folders.isEmpty, "SCALE-Sim's reports were not found: set JOULERY_DATA"))
  func `stored weights and their places take what SCALE-Sim says`() throws {
    let reports = try Self.folders.map { try SCALESimReport(URL(filePath: $0)) }.filter {
      !$0.storage.isEmpty
    }
    try #require(!reports.isEmpty)
    for report in reports {
      for (index, layer) in try simulate(report).enumerated() {
        let row = report.storage[index]
        let (reduction, filters) = try #require(report.extents(of: index))
        #expect(agrees(Double(reduction * filters), row, "Original Filter Storage"))
        var bits = layer.weight_metadata_bits
        if report.sparsity != "layers" {
          // Its places lie in blocks of the layer's own ratio, which its draw does not use.
          let block = try #require(
            report.topology[index]["Sparsity"]?.split(separator: ":").last.flatMap { Int($0) })
          bits = layer.stored_weights * (Int.bitWidth - (block - 1).leadingZeroBitCount)
        }
        #expect(agrees(Double(bits) / 32, row, "Filter Metadata Storage"))
        #expect(
          agrees(Double(layer.stored_weights) + Double(bits) / 32, row, "New Storage (Filter+Metadata)"))
      }
    }
  }

  /// Total cycles that SCALE-Sim 3.0.0 printed for a product of 20 × 9 × 30 (M, N, K), run for this test.
  @Test(arguments: [
    (rows: 4, columns: 1, cycles: 1484), (8, 1, 998), (1, 4, 1979), (1, 1, 5399), (3, 2, 1154),
  ])
  func `an output-stationary array may be one column or one row`(rows: Int, columns: Int, cycles: Int) throws
  {
    let program = try Program()
    defer { program.remove() }
    try program.write("Layer, M, N, K,\na, 20, 9, 30,\n", to: "a.csv")
    let run = try program(
      "simulate", "a.csv", "--on", "scale-sim", "--set", "array.rows=\(rows)", "--set",
      "array.columns=\(columns)", "--set", "array.dataflow=os", "--json")
    try #require(run.status == 0, "\(run.errors)")
    let layer = try #require(JSONDecoder().decode(Run.self, from: Data(run.output.utf8)).layers.first)
    #expect(layer.compute_cycles == cycles)
    #expect(layer.sram_reads.activations == Double(20 * 30 * ((9 + columns - 1) / columns)))
    #expect(layer.sram_reads.weights == Double(30 * 9 * ((20 + rows - 1) / rows)))
  }

  @Test func `exact counting gives cycles as a number, and counts the sums that are read back`() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("Layer, M, N, K,\na, 20, 9, 30,\n", to: "a.csv")
    func layer(_ counting: String, _ dataflow: String) throws -> Layer {
      let run = try program(
        "simulate", "a.csv", "--on", "scale-sim", "--set", "array.rows=8", "--set", "array.columns=8",
        "--set",
        "array.dataflow=\(dataflow)", "--set", "array.counting=\(counting)", "--json")
      try #require(run.status == 0, "\(run.errors)")
      #expect(run.output.contains("counted as SCALE-Sim 3.0.0 prints them") == (counting == "scale-sim"))
      return try #require(JSONDecoder().decode(Run.self, from: Data(run.output.utf8)).layers.first)
    }
    // Four folds along the reduction, two along the columns.
    let (exact, printed) = (try layer("exact", "ws"), try layer("scale-sim", "ws"))
    let macs = Double(20 * 9 * 30)
    let cycles = 8 * (20 + 2 * 8 + 8 - 2)
    #expect(exact.compute_cycles == cycles)
    #expect(printed.compute_cycles == cycles - 1)
    #expect(exact.compute_utilization == macs / Double(cycles * 64))
    let longer = Double((cycles + 8 * 7) * 64)
    #expect(printed.compute_utilization == macs / longer)
    #expect(exact.sram_writes.outputs == 720)
    #expect(exact.sram_reads.outputs == 540)
    #expect(printed.sram_writes.outputs == 720)
    #expect(printed.sram_reads.outputs == 0)
    // Three folds of rows, two of columns, each with its results once.
    let (stationary, charged) = (try layer("exact", "os"), try layer("scale-sim", "os"))
    #expect(stationary.compute_cycles == 6 * (30 + 8 + 8 - 2))
    #expect(stationary.sram_writes.outputs == 180)
    #expect(charged.sram_writes.outputs == 180 + 96)
  }
}
