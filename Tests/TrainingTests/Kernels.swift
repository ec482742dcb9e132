import Graphs
import Measures
import Testing
import Training

/// The engine against the reference in double precision.
struct Kernels {
  /// Samples of the catalogue that the engine computes: all but those on narrow formats.
  static var samples: [PrimitiveCatalog.Sample] {
    PrimitiveCatalog.samples.filter { sample in
      guard let results = try? sample.primitive.results(for: sample.operandTypes) else { return false }
      return (sample.operandTypes + results).allSatisfy {
        [.float32, .bool, .int64].contains($0.elementType)
      }
    }
  }

  @Test(arguments: samples)
  func `the kernel of every primitive agrees with its definition`(_ sample: PrimitiveCatalog.Sample) throws {
    var graph = Graph(name: "kernel")
    let operands = sample.operandTypes.enumerated().map { graph.addInput("x\($0)", $1) }
    let results = try graph.addNode(sample.primitive, operands, name: "primitive")
    graph.outputs = results.enumerated().map { Graph.Output(name: "y\($0)", value: $1) }
    try PlanCase(graph, seed: 3, range: sample.range).check()
  }

  @Test(arguments: samples)
  func `the gradient of every primitive agrees with the reference`(_ sample: PrimitiveCatalog.Sample) throws {
    var graph = Graph(name: "kernel gradient")
    let operands = sample.operandTypes.enumerated().map { graph.addInput("x\($0)", $1) }
    let results = try graph.addNode(sample.primitive, operands, name: "primitive")
    let targets = operands.filter { graph.type(of: $0).elementType.isFloatingPoint }
    guard graph.type(of: results[0]).elementType.isFloatingPoint, !targets.isEmpty else { return }
    let seed = graph.addInput("seed", graph.type(of: results[0]))
    let gradients = try graph.addGradients(of: [results[0]], seeds: [seed], withRespectTo: targets)
    graph.outputs = gradients.compactMap { $0 }.enumerated().map { Graph.Output(name: "g\($0)", value: $1) }
    guard !graph.outputs.isEmpty else { return }
    try PlanCase(graph, seed: 4, range: sample.range).check(tolerance: 5e-6)
  }

  @Test func `narrow formats are refused with every node that has them`() throws {
    var graph = Graph(name: "narrow")
    let x = graph.addInput("x", TensorType([2], .float16))
    let y = try graph.add(Unary(.exponential), x, name: "a")
    let z = try graph.add(Unary(.tanh), y, name: "b")
    graph.outputs = [Graph.Output(name: "z", value: z)]
    let error = #expect(throws: PlanError.self) { try Plan(graph) }
    #expect(
      error?.description
        == "node 'a' (unary), node 'b' (unary): found float16[2], expected float32, bool, or integers"
    )
  }
}

extension PrimitiveCatalog.Sample {
  /// Operands inside the domain of the primitive.
  var range: ClosedRange<Double> {
    switch primitive {
    case let unary as Unary where unary.function == .logarithm || unary.function == .squareRoot: 0.1...2
    case let binary as Binary
    where [.power, .divide, .remainder, .truncatedRemainder].contains(binary.function): 0.5...2
    case let reduce as Reduce where reduce.function == .logSum || reduce.function == .product: 0.1...2
    case is BatchNormalization: 0.1...2
    case let scatter as ScatterElements where scatter.reduction == .multiply: 0.1...2
    default: -2...2
    }
  }
}
