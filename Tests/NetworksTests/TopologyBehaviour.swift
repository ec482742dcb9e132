import Formats
import Foundation
import Graphs
import Networks
import Testing

/// SCALE-Sim topologies: what is read, and what is refused at which place.
struct TopologyBehaviour {
  static let heading =
    "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,\n"

  private func layers(_ text: String) throws -> [TopologyLayer] {
    try TopologyFile(text: text, path: "t.csv").layers
  }

  private func message(_ text: String) -> String {
    do {
      _ = try TopologyFile(text: text, path: "t.csv").graph()
      return "no error"
    } catch { return "\(error)" }
  }

  @Test func `a convolution has the extents that SCALE-Sim gives it`() throws {
    let file = try TopologyFile(
      text: Self.heading + "Conv1     ,224 ,224  ,11 ,11 ,3  ,96  ,4 ,\n", path: "nets/alexnet.csv")
    let graph = try file.graph()
    #expect(graph.name == "alexnet")
    // ⌈(224 − 11 + 4) / 4⌉ = 55, where a convolution without padding has 54.
    #expect(graph.nodes[0].resultTypes[0].shape == [1, 96, 55, 55])
    #expect(graph.macs == 55 * 55 * 96 * 3 * 121)
    #expect(file.layers[0].work.macs == graph.macs)
  }

  @Test func `a stride that divides leaves no partial position`() throws {
    let graph = try TopologyFile(text: Self.heading + "c, 9, 17, 3, 5, 2, 4, 2\n", path: "t.csv").graph()
    #expect(graph.nodes[0].resultTypes[0].shape == [1, 4, 4, 7])
    let convolution = try #require(graph.nodes[0].primitive as? Convolution)
    #expect(convolution.padding == [.none, .none])
  }

  @Test func `a matrix product is M rows, N columns and K in between`() throws {
    let layers = try layers("Layer,M,N,K,\nt2,1,5,3,\n")
    #expect(layers[0].shape == .matrixProduct(m: 1, n: 5, k: 3))
    let graph = try TopologyFile(text: "Layer,M,N,K,\nt2,4,5,3,\n", path: "t.csv").graph()
    #expect(graph.nodes[0].resultTypes[0].shape == [4, 5])
    #expect(graph.inputs[0].type.shape == [4, 3])
  }

  @Test func `columns are found by their headings, not by their place`() throws {
    #expect(try layers("Layer,K,M,N\na,3,4,5\n")[0].shape == .matrixProduct(m: 4, n: 5, k: 3))
  }

  @Test func `blank lines, commas at the end, other line ends and headings are accepted`() throws {
    let text = "\u{FEFF}layer_name, m, n, k\r\n\r\n,,,,\r\na, 1, 2, 3,,\r\n   \r\nb,4,5,6"
    #expect(try layers(text).map(\.name) == ["a", "b"])
  }

  @Test func `sparsity is kept beside the dense work`() throws {
    let layers = try layers("Layer Name, M, N, K, Sparsity,\na, 3, 5, 16, 3:4,\nb, 3, 5, 16,\n")
    #expect(layers.map(\.sparsity) == [StructuredSparsity(kept: 3, of: 4), nil])
    #expect(layers[0].work == layers[1].work)
  }

  @Test func `layers stand alone, each with its input, weight and output`() throws {
    let graph = try TopologyFile(
      text: Self.heading + "a, 8, 8, 3, 3, 4, 8, 1\na, 8, 8, 3, 3, 4, 8, 1\n", path: "t.csv"
    ).graph()
    #expect(graph.inputs.map(\.name) == ["a.input", "a#2.input"])
    #expect(graph.outputs.map(\.name) == ["a", "a#2"])
    #expect(graph.parameterCount == 2 * 8 * 4 * 9)
  }

  @Test func `each error names file, line, column, finding and expectation`() {
    let expected = [
      (
        "Layer,M,N,Q\na,1,2,3\n",
        "t.csv:1:11: heading 'Q'; expected 'Layer, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, "
          + "Num Filter, Strides' or 'Layer, M, N, K', and Sparsity if wanted"
      ),
      ("Layer,M,N,M\n", "t.csv:1:11: heading 'M' a second time; expected each column once"),
      ("Layer,M,N\n", "t.csv:1:1: the columns Layer, M, N; expected "),
      ("Layer,M,N,K\na,1,x,3\n", "t.csv:2:5: N 'x'; expected a whole number from 1 to 2^30"),
      ("Layer,M,N,K\na,1, 0,3\n", "t.csv:2:6: N '0'; expected a whole number from 1 to 2^30"),
      ("Layer,M,N,K\na,1,2\n", "t.csv:2:5: 3 cells; expected 4, one for each heading"),
      ("Layer,M,N,K\na,1,2,3,4\n", "t.csv:2:9: 5 cells; expected 4, one for each heading"),
      ("Layer,M,N,K\n,1,2,3\n", "t.csv:2:1: a layer without a name; expected a name"),
      (
        "Layer,M,N,K,Sparsity\na,1,2,3,4:2\n",
        "t.csv:2:9: Sparsity '4:2'; expected N:M with 1 ≤ N ≤ M, such as 2:4"
      ),
      (
        Self.heading + "c,4,4,3,5,1,1,1\n",
        "t.csv:2:9: a filter of 5 over an input of 4; expected a filter no larger than the input "
          + "(topologies have no padding)"
      ),
      ("", "t.csv: no layers; expected a heading and at least one layer"),
      ("Layer,M,N,K\n", "t.csv: no layers; expected a heading and at least one layer"),
      (
        "Layer,M,N,K\na,1073741824,1073741824,1073741824\n",
        "t.csv:2:1: float32[1073741824, 1073741824]; expected at most 2^40 elements"
      ),
    ]
    for (text, start) in expected {
      let found = message(text)
      #expect(found == start || found.hasPrefix(start) && start.hasSuffix(" "), "\(found)")
    }
  }

  @Test func `all errors of a file come at once`() {
    #expect(message("Layer,M,N,K\na,0,x,3\nb,1,2,3,4\n").split(separator: "\n").count == 3)
  }

  @Test func `reading ends after twenty errors`() {
    let text = "Layer,M,N,K\n" + String(repeating: "a,0,1,1\n", count: 100)
    #expect(message(text).split(separator: "\n").count == 20)
  }

  @Test func `a file that is not there is an error`() {
    let error = #expect(throws: FormatError.self) { try TopologyFile(contentsOf: "/no/such.csv") }
    #expect(
      error?.description
        == "/no/such.csv: the file cannot be read; expected a readable topology of at most 16 MiB")
  }

  // MARK: Against SCALE-Sim's own reports

  static let data: URL = {
    if let path = ProcessInfo.processInfo.environment["JOULERY_DATA"] { return URL(filePath: path) }
    return URL(filePath: #filePath).appending(path: "../../../../shared/data").standardizedFileURL
  }()

  static let alexNet = data.appending(path: "scalesim/32x32_ws_CALC_sram64-64-64/alexnet")
  static let isMissing = !FileManager.default.fileExists(atPath: alexNet.path(percentEncoded: false))

  /// SCALE-Sim's mapping efficiency under weight stationarity is K · N / (folds · rows · columns); with its total
  /// of F · (T + 2R + C − 2) − 1 cycles it gives back T = M, N and K together.
  @Test(.disabled(if: isMissing, "SCALE-Sim's reports were not found: set JOULERY_DATA"))
  func `extents agree with the cycles that SCALE-Sim reports`() throws {
    let file = try TopologyFile(
      contentsOf: Self.alexNet.appending(path: "topology.csv").path(percentEncoded: false))
    let report = try String(contentsOf: Self.alexNet.appending(path: "COMPUTE_REPORT.csv"), encoding: .utf8)
    let rows = report.split(separator: "\n").dropFirst()
    #expect(rows.count == file.layers.count)
    for (layer, row) in zip(file.layers, rows) {
      let cells = row.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      let cycles = try #require(Int(cells[2])) - (try #require(Int(cells[3])))
      let (m, n, k): (Int, Int, Int)
      switch layer.shape {
      case .matrixProduct(let rows, let columns, let depth): (m, n, k) = (rows, columns, depth)
      case .convolution(let shape):
        (m, n, k) = (shape.output.area, shape.filters, shape.channels * shape.filter.area)
      }
      let folds = ((k + 31) / 32) * ((n + 31) / 32)
      #expect(cycles == folds * (m + 2 * 32 + 32 - 2) - 1)
    }
  }

  @Test(.disabled(if: isMissing, "SCALE-Sim's topologies were not found: set JOULERY_DATA"))
  func `every topology of the data set is read`() throws {
    let root = Self.data.appending(path: "scalesim")
    let paths = FileManager.default.enumerator(atPath: root.path(percentEncoded: false))
    var count = 0
    while let path = paths?.nextObject() as? String {
      guard path.hasSuffix("topology.csv") else { continue }
      let file = try TopologyFile(contentsOf: root.appending(path: path).path(percentEncoded: false))
      #expect(try file.graph().nodes.count == file.layers.count)
      count += 1
    }
    #expect(count > 30)
  }
}
