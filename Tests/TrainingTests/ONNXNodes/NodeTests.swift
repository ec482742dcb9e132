import Foundation
import Testing

@testable import Networks

/// The node tests of the package `onnx`, on the importer and the engine.
struct NodeTests {
  @Test(.enabled(if: NodeTestFolder.isThere, "no node tests: run scripts/fetch-onnx-tests"))
  func `no node test of ONNX gives a wrong result`() throws {
    var report = NodeTestReport()
    let folders = try NodeTestFolder.folders
    try #require(folders.count > 1000, "\(NodeTestFolder.root.path) holds no node tests")
    for folder in folders {
      do {
        let test = try NodeTestData(folder)
        let outcome = test.run()
        if case .failed(let difference) = outcome { Issue.record("\(test.name): \(difference)") }
        report.add(test.name, test.operators, outcome)
      } catch let error as NodeTestData.NoTensor {
        report.add(folder.lastPathComponent, [], .unsupported(error.kind))
      }
    }
    try report.compareOrUpdate()
  }
}
