import Graphs
import Networks
import Testing
import Training

/// Condensing by matching gradients.
struct GradientMatchings {
  static func network(_ batch: Int, width: Int = 8) throws -> Graph {
    var builder = NetworkBuilder(name: "convnet")
    try ConvNet(width: width, depth: 2).build(in: &builder, batch: batch, input: [3, 8, 8])
    return builder.graph
  }

  @Test func `synthetic images come closer to what real ones teach`() throws {
    let workload = try Workload(matching: Self.network(16), synthetic: Self.network(4))
    #expect(workload.graph.verify().isEmpty)
    let execution = try workload.execution(
      of: Plan(workload.graph, updates: workload.updates, threads: 1))
    execution.run()
    let first = execution.output(0)[0]
    for _ in 0..<20 { execution.run() }
    #expect(execution.output(0)[0] < 0.9 * first)
  }

  @Test func `networks that share no parameters are refused`() throws {
    let error = #expect(throws: ShapeError.self) {
      try GradientMatching(real: Self.network(4), synthetic: Self.network(2, width: 16))
    }
    #expect(error?.place == "inlining 'convnet', constant 'conv0.weight'")
    #expect(error?.found == "float32[16, 3, 3, 3]")
    #expect(error?.expected == "float32[8, 3, 3, 3]")
  }

  @Test func `a network needs as many inputs as it has when it is put into another`() throws {
    var graph = try Self.network(2)
    let network = graph
    let error = #expect(throws: ShapeError.self) { try graph.inline(network, inputs: [], prefix: "again") }
    #expect(error?.description == "inlining 'convnet': found inputs [], expected [float32[2, 3, 8, 8]]")
  }
}
