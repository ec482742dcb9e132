import Graphs
import Networks
import Testing

/// The standard passes on real networks.
struct BuildersPasses {
  @Test(arguments: BuiltInNetworks.all.map(\.name))
  func `a built-in network is valid before and after the passes and keeps its arithmetic`(
    _ name: String
  ) throws {
    let graph = try #require(BuiltInNetworks.named(name)).graph()
    #expect(graph.verify() == [])
    let changed = try graph.applying(GraphPasses.all)
    #expect(changed.verify() == [])
    #expect(changed.macs == graph.macs)
    #expect(changed.nodes.count <= graph.nodes.count)
    let types = graph.outputs.map { graph.type(of: $0.value) }
    #expect(changed.outputs.map { changed.type(of: $0.value) } == types)
  }

  @Test func `position biases of swin-t are computed once, before the first run`() throws {
    let graph = try #require(BuiltInNetworks.named("swin-t")).graph()
    let hoisted = try graph.applying([ConstantHoisting()])
    #expect(graph.nodes.filter { $0.primitive is Gather }.count == 12)
    #expect(!hoisted.nodes.contains { $0.primitive is Gather })
  }
}
