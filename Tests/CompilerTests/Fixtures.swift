import Compiler
import Graphs
import Hardware
import Networks
import Testing

/// The machines and networks that the tests compile.
enum Fixtures {
  /// The checkout's folder of machines.
  static var machineFolder: String {
    let parts = #filePath.split(separator: "/").dropLast(3)
    return "/" + parts.joined(separator: "/") + "/hwmodels"
  }

  static func machine(_ name: String = "edge", overrides: [String] = []) throws -> HardwareModel {
    try HardwareLibrary(searchPath: [machineFolder]).model(name, overrides: overrides)
  }

  static func network(_ name: String, batch: Int = 1) throws -> Graph {
    try #require(BuiltInNetworks.named(name)).graph(batch: batch)
  }

  static let machines = [
    "edge", "gemmini", "eyeriss", "dpu-b4096", "ethos-u55-256", "nvdla-large", "tpu-v1", "tpu-v4i-like",
  ]
}
