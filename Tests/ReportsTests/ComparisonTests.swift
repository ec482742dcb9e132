import Formats
import Foundation
import Hardware
import Reports
import Simulator
import Testing

@Suite struct `A comparison of runs` {
  private func comparison(_ counts: Int...) -> Comparison {
    Comparison(
      runs: counts.map { reportFixture(layers: $0).summary },
      provenance: Provenance(version: "0.1.0", commandLine: "joulery compare a b"))
  }

  @Test func `shows two runs in columns, with ratios to the first`() {
    let text = comparison(21, 42).terminalText(
      in: TerminalStyle(width: 100, usesColor: false, usesUnicode: true))
    let energy = text.split(separator: "\n").first { $0.contains("energy") }
    #expect(energy?.contains("2.994 mJ") == true)
    #expect(
      energy?.hasSuffix("×2") == true || energy?.contains("×1.9") == true || energy?.contains("×2.0") == true)
  }

  @Test func `says a note once, and for which runs where it does not hold for all`() {
    var comparison = comparison(3, 4)
    #expect(comparison.terminalText(in: .plain).contains("\nnote: a float32 network, simulated as int8\n"))
    comparison.runs[1].notes = ["another"]
    comparison.runs[1].hardwareName = "gemmini"
    #expect(comparison.terminalText(in: .plain).contains("\nnote: resnet18 on gemmini: another\n"))
    #expect(comparison.terminalText(in: .plain).hasPrefix("resnet18 on 2 machines\n"))
  }

  @Test func `shows many runs in rows`() {
    let text = comparison(5, 6, 7, 8).terminalText(in: .plain)
    #expect(text.split(separator: "\n").filter { $0.hasPrefix("  resnet18") }.count == 4)
    #expect(text.contains("network") && text.contains("machine") && text.contains("main loss"))
  }

  @Test func `has a run of JSON and a line of CSV for each`() throws {
    let both = comparison(3, 4)
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(both.json.text.utf8)) as? [String: Any])
    let runs = try #require(root["runs"] as? [[String: Any]])
    #expect(runs.count == 2)
    #expect(
      (runs[0]["totals"] as? [String: Any])?["cycles"] as? Int == reportFixture(layers: 3).result.cycles)
    let lines = both.csv.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(Set(lines.map { $0.split(separator: ",").count }) == [14 + CycleCause.allCases.count])
  }
}

@Suite struct `The glossary` {
  @Test func `explains every key of the JSON outputs`() {
    let report = reportFixture(layers: 1)
    let comparison = Comparison(runs: [report.summary], provenance: report.provenance)
    var sweep = Sweep(hardware: "edge", keys: [], points: [], provenance: report.provenance)
    for outcome in [.figures(.init(report.summary)), .failed(status: 65, finding: "no")] as [Sweep.Outcome] {
      sweep.points.append(
        .init(network: "n", values: [], networkSHA256: "", modelSHA256: "", outcome: outcome))
    }
    var names: Set<String> = []
    func collect(_ value: JSONValue) {
      switch value {
      case .object(let members):
        for member in members {
          names.insert(member.name)
          collect(member.value)
        }
      case .array(let elements): elements.forEach(collect)
      default: break
      }
    }
    let memory = `A memory under load`.report.json
    let cores = `The report of several cores`.report().json
    for document in [report.json, comparison.json, sweep.json, memory, cores] { collect(document) }
    #expect(names.count > 60)
    for name in names.sorted() { #expect(Glossary.explain(name) != nil, "\(name) is not explained") }
  }

  @Test func `explains every column of the CSV outputs`() {
    let report = reportFixture(layers: 1)
    let sweep = Sweep(hardware: "edge", keys: [], points: [], provenance: report.provenance)
    let comparison = Comparison(runs: [report.summary], provenance: report.provenance)
    for table in [report.layersCSV, comparison.csv, sweep.csv] {
      for column in table.prefix(while: { $0 != "\n" }).split(separator: ",") {
        #expect(Glossary.explain(String(column)) != nil, "\(column) is not explained")
      }
    }
  }

  @Test func `explains every cause and component by key and by title`() {
    for cause in CycleCause.allCases {
      #expect(Glossary.explain(cause.rawValue)?.contains(cause.sentence) == true)
      #expect(Glossary.explain(cause.title)?.contains(cause.sentence) == true)
    }
    for component in Component.allCases {
      #expect(Glossary.explain(component.rawValue)?.contains(component.sentence) == true)
      #expect(Glossary.explain(component.title)?.contains(component.sentence) == true)
    }
  }

  @Test func `knows the headings of the tables, and nothing else`() {
    for heading in ["MAC util", "latency", "share", "main cause", "SRAM peak", "DRAM read"] {
      #expect(Glossary.explain(heading) != nil, "\(heading) is not explained")
    }
    #expect(Glossary.explain("nonsense") == nil)
    #expect(Glossary.explain("") == nil)
  }
}

@Test func `the digest of known texts is that of FIPS 180-4`() {
  #expect(sha256(of: Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  #expect(sha256(of: []) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
}
