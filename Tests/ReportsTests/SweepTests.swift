import Formats
import Foundation
import Hardware
import Measures
import Reports
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct `A table of points` {
  /// Four variants: two on the front, one beaten, one that failed.
  private func sweep(network: String = "net") -> Sweep {
    var sweep = Sweep(
      hardware: "edge", keys: ["array.rows"], points: [],
      provenance: Provenance(version: "0.1.0", commandLine: "joulery sweep"))
    let run = reportFixture(layers: 2).summary
    for (rows, latency, energy) in [("8", 3.0, 1.0), ("16", 2.0, 2.0), ("24", 2.5, 2.5)] {
      var run = run
      run.latency = Seconds(latency)
      run.energy = Joules(energy)
      sweep.points.append(
        .init(
          network: network, values: [rows], networkSHA256: "n", modelSHA256: "m\(rows)",
          outcome: .figures(.init(run))))
    }
    sweep.points.append(
      .init(
        network: network, values: ["0"], networkSHA256: "n", modelSHA256: "",
        outcome: .failed(status: 65, finding: "array.rows: 0 is out of range, \"too\" small")))
    return sweep
  }

  @Test func `marks the points that nothing beats`() {
    #expect(sweep().front == [0, 1])
    #expect(sweep().status == 65)
    let lines = sweep().terminalText(in: .plain).split(separator: "\n")
    #expect(lines.filter { $0.hasSuffix(" *") }.count == 2)
    #expect(lines.contains("failed: net, array.rows=0: array.rows: 0 is out of range, \"too\" small"))
  }

  @Test func `each network has a front of its own`() {
    var both = sweep()
    both.points += sweep(network: "other").points
    #expect(both.front == [0, 1, 4, 5])
    #expect(both.networks == ["net", "other"])
  }

  @Test func `reads back what it wrote, to the last digit`() throws {
    let done = sweep()
    var open = done
    for index in open.points.indices { open.points[index].outcome = nil }
    #expect(open.csv.split(separator: "\n").count == 1)
    #expect(try open.resume(from: done.csv, file: "s.csv") == 3)
    #expect(open.points.prefix(3) == done.points.prefix(3))
    #expect(open.points[3].outcome == nil, "what failed runs again")
  }

  @Test func `does not take points of another machine, network or version`() throws {
    let done = sweep()
    for change in [
      { (sweep: inout Sweep) in sweep.points[0].modelSHA256 = "x" },
      { sweep in sweep.points[0].networkSHA256 = "x" },
      { sweep in sweep.points[0].values = ["9"] },
    ] {
      var open = done
      for index in open.points.indices { open.points[index].outcome = nil }
      change(&open)
      #expect(try open.resume(from: done.csv, file: "s.csv") == 2)
    }
    var newer = done
    newer.provenance.version = "0.2.0"
    #expect(try newer.resume(from: done.csv, file: "s.csv") == 0)
  }

  @Test func `says where a table is broken`() throws {
    var open = sweep()
    #expect(throws: FormatError.self) { try open.resume(from: "a,b\n1,2\n", file: "s.csv") }
    let broken = sweep().csv.replacingOccurrences(of: ",2.0,2.0,", with: ",2.0,two,")
    do {
      _ = try open.resume(from: broken, file: "s.csv")
      Issue.record("a word is no energy")
    } catch {
      #expect(error.diagnostics.first?.description.contains("energy_joules: 'two' is not a number") == true)
    }
  }

  @Test func `is a page that keeps hostile names as text`() throws {
    let hostile = "</svg><script>alert(1)</script>&\"'\u{0}"
    for sweep in [sweep(), sweep(network: hostile)] {
      let page = try sweep.html()
      #expect(!page.contains("<script>alert"))
      #expect(page.components(separatedBy: "<tr><td").count - 1 == 4)
      var rest = page[...]
      var drawings = 0
      while let start = rest.range(of: "<svg"), let end = rest.range(of: "</svg>") {
        let parser = XMLParser(data: Data(rest[start.lowerBound..<end.upperBound].utf8))
        #expect(parser.parse())
        drawings += 1
        rest = rest[end.upperBound...]
      }
      #expect(drawings == 2)
    }
  }
}
