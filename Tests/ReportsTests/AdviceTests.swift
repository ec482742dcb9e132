import Hardware
import Measures
import Reports
import Simulator
import Testing

@Suite struct `What would help` {
  /// A report whose cycles all went to one cause.
  private func report(lostTo cause: CycleCause) -> RunReport {
    var report = reportFixture(layers: 1)
    report.result.arrayCyclesByCause = CycleCause.allCases.map {
      CauseCycles(cause: $0, cycles: $0 == cause ? report.result.cycles : 0)
    }
    return report
  }

  @Test func `names the largest losses first`() throws {
    let advice = reportFixture().advice
    let first = try #require(advice.first)
    #expect(first.finding == "34.5 % of the cycles go to waiting for loads")
    #expect(advice.contains { $0.finding == "57.1 % of the energy goes to main memory" })
  }

  @Test(arguments: CycleCause.allCases.filter { $0 != .compute })
  func `knows a remedy for each cause, with keys that a hardware file has`(cause: CycleCause) throws {
    let advice = try #require(report(lostTo: cause).advice.first)
    #expect(advice.finding == "100.0 % of the cycles go to \(cause.phrase)")
    for key in report(lostTo: cause).advice.flatMap(\.keys) {
      #expect(HardwareKeys.entry(for: key) != nil, "\(key) is no key")
      // A scratchpad's key names the scratchpad, or --set would refuse it.
      #expect(!key.hasPrefix("scratchpads.") || key.split(separator: ".").count == 3, "\(key) cannot be set")
    }
  }

  @Test func `sees multipliers that idle while the array computes`() {
    var report = report(lostTo: .compute)
    report.result.macUtilization = 0.25
    #expect(
      report.advice.first?.finding == "While the array computes, 75.0 % of its multipliers have nothing to do"
    )
    report.result.macUtilization = 0.95
    #expect(!report.advice.contains { $0.finding.contains("multipliers") })
  }
}
