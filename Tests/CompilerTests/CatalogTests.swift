import Compiler
import Graphs
import Hardware
import Testing

/// Every primitive becomes instructions, or a view that says so.
@Suite struct CatalogTests {
  /// A graph of one node whose first operand, and whatever cannot be a weight, comes from outside.
  private func graph(of sample: PrimitiveCatalog.Sample) throws -> Graph {
    var graph = Graph(name: sample.primitive.name)
    let isProduct =
      sample.primitive is Convolution || sample.primitive is ConvolutionInputGradient
    var operands: [Value] = []
    for (position, type) in sample.operandTypes.enumerated() {
      operands.append(
        isProduct && position > 0
          ? graph.addConstant("c\(position)", type) : graph.addInput("x\(position)", type))
    }
    let results = try graph.addNode(sample.primitive, operands, name: "node")
    graph.outputs = results.enumerated().map { .init(name: "y\($0.offset)", value: $0.element) }
    return graph
  }

  @Test func `nothing in the catalogue is free without a word`() throws {
    let model = try Fixtures.machine()
    for sample in PrimitiveCatalog.samples {
      let graph = try graph(of: sample)
      let result = try GraphCompiler(for: model).compile(graph)
      let hasWork = !graph.work(of: graph.nodes[0]).isEmpty
      let name = "\(sample.primitive)"
      if result.program.instructions.isEmpty {
        #expect(result.elidedNodes == ["node"], "\(name)")
      } else {
        #expect(hasWork || result.elidedNodes == [], "\(name)")
        #expect(result.program.layers.contains { $0.macs == graph.macs }, "\(name)")
      }
      var checker = ProgramChecker(result.program, on: model)
      checker.check()
      #expect(checker.disorders == [], "\(name)")
    }
  }

  @Test func `products of the catalogue do their multiply-accumulates on every machine`() throws {
    for machine in Fixtures.machines {
      let model = try Fixtures.machine(machine)
      for sample in PrimitiveCatalog.samples {
        let graph = try graph(of: sample)
        guard graph.macs > 0 else { continue }
        let program = try GraphCompiler(for: model).compile(graph).program
        #expect(program.layers.reduce(0) { $0 + $1.macs } == graph.macs)
        let tiled = program.arrayTiles.reduce(0) { $0 + $1.macs }
        #expect(tiled == graph.macs || tiled == 0, "\(sample.primitive) on \(machine)")
      }
    }
  }
}
