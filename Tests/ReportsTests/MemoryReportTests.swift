import Formats
import Hardware
import Reports
import Simulator
import Testing

@Suite struct `A memory under load` {
  static let report: MemoryReport = {
    let system = DRAMSystem(standard: .ddr4_3200, channels: 1, addressMap: .rowBankColumnChannel)
    return MemoryReport(
      machine: "test", system: system,
      curves: DRAMTraffic.Pattern.allCases.map {
        DRAMLoadCurve(DRAMTraffic($0, accesses: 2000), on: system)
      },
      provenance: Provenance(version: "1", commandLine: "joulery memory", notes: []))
  }()

  @Test func `is a line for each load and a sentence for each pattern`() {
    let lines = Self.report.terminalText(in: .plain).split(separator: "\n")
    #expect(lines.count == 1 + 1 + DRAMLoadCurve.loads.count + 2 + 1)
    #expect(lines[0] == "1 x ddr4-3200 of test, 25.6 GB/s peak")
    #expect(lines.contains { $0.hasPrefix("streaming: saturates at 9") && $0.hasSuffix("30 ns when idle") })
    #expect(lines.contains { $0.hasPrefix("random: saturates at ") })
  }

  @Test func `is JSON with shares of the peak`() {
    guard case .object(let members) = Self.report.json,
      case .array(let curves)? = members.first(where: { $0.name == "curves" })?.value
    else {
      Issue.record("no curves")
      return
    }
    #expect(curves.count == 2)
    #expect(members.first { $0.name == "peak_bytes_per_second" }?.value == .number(25.6e9))
    #expect(Self.report.json.text.contains("\"idle_nanoseconds\": 30.0"))
  }

  @Test func `is a picture that needs no page`() {
    let svg = Self.report.svg
    #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\""))
    #expect(svg.contains("<style>") && svg.hasSuffix("</svg>\n"))
    #expect(svg.contains("random, saturates at"))
    #expect(svg.split(separator: "<circle").count - 1 == 2 * DRAMLoadCurve.loads.count)
  }
}
