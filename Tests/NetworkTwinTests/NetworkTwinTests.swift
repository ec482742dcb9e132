import Compiler
import Graphs
import Hardware
import Networks
import Simulator
import TestSupport
import Testing

@Suite("Networks take as long as stepped cycle by cycle")
struct NetworkTwinTests {
  static func library() -> HardwareLibrary {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return HardwareLibrary(searchPath: ["/" + root + "/hwmodels"])
  }

  @Test(
    arguments: ["lenet5"],
    [
      "edge", "eyeriss", "gemmini", "dpu-b4096", "ethos-u55-256", "nvdla-large", "tpu-v1", "tpu-v4i-like",
    ])
  func `instructions start and end as stepped, and each cycle has its cause`(network: String, machine: String)
    throws
  {
    let model = try Self.library().model(machine)
    let graph = try #require(BuiltInNetworks.named(network)).graph()
    let program = try GraphCompiler(for: model).compile(graph).program
    let result = try Machine(model).run(program)
    let stepped = try #require(SteppedMachine(model, program).run(limit: 3_000_000))
    #expect(!program.instructions.isEmpty)
    #expect(result.timeline.map(\.start) == stepped.starts)
    #expect(result.timeline.map(\.end) == stepped.ends)
    #expect(result.counts.scratchpadReads == stepped.reads)
    #expect(result.counts.scratchpadWrites == stepped.writes)
    #expect(result.layers.map { $0.cyclesByCause.map(\.cycles) } == stepped.causes)
  }
}
