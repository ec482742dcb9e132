import Compiler
import Graphs
import Hardware
import Networks
import Simulator
import Testing

/// The cost model that chooses mappings, held against the machine that runs them.
@Suite struct EstimateTests {
  @Test(arguments: [
    ("edge", "squeezenet1.1"), ("edge", "resnet18"), ("gemmini", "squeezenet1.1"),
    ("dpu-b4096", "squeezenet1.1"),
    ("nvdla-large", "squeezenet1.1"), ("tpu-v4i-like", "resnet18"),
  ])
  func `the expected cycles of a network are within 10 % of the simulated ones`(
    machine: String, network: String
  ) throws {
    let model = try Fixtures.machine(machine)
    let result = try GraphCompiler(for: model).compile(Fixtures.network(network))
    let simulated = Double(try Machine(model).run(result.program).cycles)
    #expect(abs(result.estimatedCycles - simulated) <= 0.1 * simulated)
  }

  @Test func `tiles are long where an array is slow to let go of their sums`() throws {
    // 518 cycles from the first operand of a tile to its last sum, and two accumulators to fill meanwhile: tiles of 128
    // rows, which look as good as longer ones where that is forgotten, take 7,342 cycles.
    let graph = try TopologyFile(text: "Layer, M, N, K,\nlayer, 1024, 384, 128,\n", path: "t.csv").graph()
    let model = try Fixtures.machine("tpu-v4i-like")
    let result = try GraphCompiler(for: model).compile(graph)
    #expect(try Machine(model).run(result.program).cycles < 5000)
  }

  @Test func `a tiling that is estimated to be twice as slow is slower`() throws {
    // Half of the scratchpad and a quarter of the accumulators leave the search worse choices.
    let small = try Fixtures.machine(
      "edge", overrides: ["scratchpads.spm.capacity=96 KiB", "scratchpads.accumulators.capacity=8 KiB"])
    let graph = try Fixtures.network("resnet18")
    let large = try Fixtures.machine()
    let worse = try GraphCompiler(for: small).compile(graph)
    let better = try GraphCompiler(for: large).compile(graph)
    #expect(worse.estimatedCycles > better.estimatedCycles)
    let (slow, fast) = try (
      Machine(small).run(worse.program).cycles, Machine(large).run(better.program).cycles
    )
    #expect(slow > fast)
    let (expected, found) = (worse.estimatedCycles / better.estimatedCycles, Double(slow) / Double(fast))
    #expect(abs(expected - found) <= 0.1 * found)
  }
}
