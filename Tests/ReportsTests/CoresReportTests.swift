import Formats
import Hardware
import Reports
import Simulator
import Testing

@Suite struct `The report of several cores` {
  /// Two cores that ran the same program, and two networks that shared them.
  static func report() -> RunReport {
    let single = reportFixture(layers: 3)
    var report = RunReport(
      network: single.network, hardware: single.hardware,
      schedule: CoreSchedule(programs: [single.program, single.program]),
      result: ScheduleResult(total: single.result, cores: [single.result, single.result]),
      tenants: [
        Tenant(network: single.network, core: 0, aloneCycles: 800_000, togetherCycles: 1_000_000),
        Tenant(network: single.network, core: 1, aloneCycles: 0, togetherCycles: 0),
      ],
      provenance: single.provenance)
    report.result.contendedCycles = 7
    return report
  }

  @Test func `shows each core, and what networks cost each other`() {
    let text = Self.report().terminalText(in: TerminalStyle(width: 120, usesColor: false, usesUnicode: true))
    for line in ["Networks at once", "Cores"] {
      #expect(text.split(separator: "\n").contains(Substring(line)))
    }
    #expect(text.contains("1.25×"))
    #expect(text.contains("other cores"))
    let single = reportFixture().terminalText(in: .plain)
    #expect(!single.contains("Cores") && !single.contains("slowdown"))
  }

  @Test func `has cores and networks in JSON, and neither for one core`() throws {
    let text = Self.report().json.text
    #expect(
      text.contains("\"cores\"") && text.contains("\"networks\"") && text.contains("\"slowdown\": 1.25"))
    #expect(text.contains("\"contended_cycles\""))
    let single = reportFixture().json.text
    #expect(!single.contains("\"cores\"") && !single.contains("\"networks\""))
  }

  @Test func `has tables for both on the page`() throws {
    let page = try Self.report().html()
    #expect(page.contains("<h2>Networks at once</h2>") && page.contains("<h2>Cores</h2>"))
    let single = try reportFixture().html()
    #expect(!single.contains("<h2>Cores</h2>") && !single.contains("<h2>Networks at once</h2>"))
  }

  @Test func `gives every core tracks of its own`() throws {
    var bytes: [UInt8] = []
    try Self.report().writeTrace { bytes += $0 }
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.contains("Core 0") && text.contains("Core 1"))
    bytes = []
    try reportFixture().writeTrace { bytes += $0 }
    #expect(!String(decoding: bytes, as: UTF8.self).contains("Core 0"))
  }

  @Test func `says which cores have no network rather than that they wait`() throws {
    var report = Self.report()
    report.result.arrayCyclesByCause = [CauseCycles(cause: .otherCores, cycles: report.result.arrayCycles)]
    #expect(report.advice.first?.finding.contains("waiting for other cores") == true)
    report.cores.append(report.cores[1])
    #expect(
      report.advice.first?.sentence
        == "1 of 3 cores have no network: run more networks at once, or fewer cores (cores)")
    #expect(!report.advice.contains { $0.finding.contains("other cores") })
  }

  @Test func `merges the parts of a layer, and lists what a core alone has`() {
    let single = reportFixture(layers: 2)
    let merged = RunReport(
      network: single.network, hardware: single.hardware,
      schedule: CoreSchedule(programs: [single.program, single.program]),
      result: ScheduleResult(total: single.result, cores: [single.result, single.result, single.result]),
      provenance: single.provenance)
    #expect(merged.program.layers.map(\.name) == single.program.layers.map(\.name) + ["idle"])
    #expect(merged.program.layers[0].macs == 2 * single.program.layers[0].macs)
    #expect(merged.cores.count == 3)
  }
}
