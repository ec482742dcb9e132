import Graphs
import Networks
import Testing
import Training

/// Graphs that are exported, with operands.
struct ExportCase: CustomTestStringConvertible {
  var name: String
  var graph: Graph
  var values: [String: [Float]] = [:]
  var inputs: [ReferenceTensor]

  var testDescription: String { name }

  /// What the engine computes.
  func outputs(of other: Graph? = nil) throws -> [ReferenceTensor] {
    var sample = PlanCase(other ?? graph, seed: 0)
    sample.inputs = inputs
    let execution = try Execution(Plan(sample.graph), values: other == nil ? values : [:])
    for (index, input) in inputs.enumerated() {
      if sample.graph.inputs[index].type.elementType.isInteger {
        try execution.write(input.elements.map { Int($0) }, toInput: index)
      } else {
        try execution.write(input.elements.map { Float($0) }, toInput: index)
      }
    }
    execution.run()
    return sample.graph.outputs.enumerated().map { index, output in
      ReferenceTensor(
        sample.graph.type(of: output.value).shape, execution.output(index).map { Double($0) })
    }
  }

  /// One node of each sample of the catalogue that the engine computes.
  static var samples: [ExportCase] {
    get throws {
      try Kernels.samples.map { sample in
        var graph = Graph(name: sample.primitive.name)
        let operands = sample.operandTypes.enumerated().map { graph.addInput("x\($0)", $1) }
        let results = try graph.addNode(sample.primitive, operands, name: "node")
        graph.outputs = results.enumerated().map { Graph.Output(name: "y\($0)", value: $1) }
        let plan = PlanCase(graph, seed: 11, range: sample.range)
        return ExportCase(
          name: "\(sample.primitive)", graph: graph, inputs: plan.inputs)
      }
    }
  }

  /// Networks on small images, with weights drawn for training.
  static var networks: [ExportCase] {
    get throws {
      let inputs: [(String, [Int]?)] = [
        ("lenet5", nil), ("resnet18", [3, 32, 32]), ("mobilenet-v2", [3, 32, 32]),
        ("mobilenet-v3-large", [3, 32, 32]), ("efficientnet-b0", [3, 32, 32]),
        ("squeezenet1.1", [3, 64, 64]), ("convnext-tiny", [3, 32, 32]), ("swin-t", [3, 224, 224]),
        ("fsrcnn", [1, 20, 24]), ("edsr-baseline", [3, 16, 12]), ("tiny-yolo", [3, 64, 64]),
      ]
      return try inputs.map { name, shape in
        let network = try #require(BuiltInNetworks.named(name))
        return try ExportCase(network.graph(batch: name == "swin-t" ? 1 : 2, inputShape: shape), name: name)
      }
    }
  }

  private init(_ graph: Graph, name: String) throws {
    self.name = name
    self.graph = graph
    values = Initialization(seed: 3).values(for: graph)
    inputs = PlanCase(graph, seed: 5).inputs
  }

  private init(name: String, graph: Graph, inputs: [ReferenceTensor]) {
    self.name = name
    self.graph = graph
    self.inputs = inputs
  }
}
