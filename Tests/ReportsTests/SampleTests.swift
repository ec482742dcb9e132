import Foundation
import Reports
import Testing

/// Writes the fixture's report where `JOULERY_REPORT_SAMPLE` says, for eyes to look at.
@Test(.enabled(if: ProcessInfo.processInfo.environment["JOULERY_REPORT_SAMPLE"] != nil))
func `a sample report can be written for looking at`() throws {
  let path = try #require(ProcessInfo.processInfo.environment["JOULERY_REPORT_SAMPLE"])
  try reportFixture().html().write(toFile: path, atomically: true, encoding: .utf8)
}
