import Foundation
import Graphs
import Networks
import Testing
import Training

/// Files that we write, read back by ourselves and by ONNX Runtime.
struct ExportTests {
  /// Primitives of the catalogue that ONNX cannot say, by the names that reports use.
  static let adjoints: Set<String> = [
    "average-pooling-gradient", "maximum-pooling-gradient", "maximum-pooling-selection", "pad-gradient",
    "resize-gradient", "slice-gradient",
  ]

  @Test
  func `every primitive comes back from its file with the same values, or says why it cannot be written`()
    throws
  {
    for sample in try ExportCase.samples {
      do {
        let data = try ONNXExport().data(sample.graph)
        let back = try Self.imported(data)
        #expect(back.inputs == sample.graph.inputs, "\(sample.name)")
        for (found, expected) in zip(try sample.outputs(of: back), try sample.outputs()) {
          #expect(found.distance(to: expected) <= 2e-5, "\(sample.name)")
        }
      } catch let error as ONNXExportError {
        #expect(Self.adjoints.contains(sample.graph.nodes[0].primitive.name), "\(error)")
      }
    }
  }

  @Test func `a primitive of training steps alone is refused with its node`() throws {
    var graph = Graph(name: "step")
    let g = graph.addInput("g", TensorType([1, 4, 4, 3]))
    let pooling = Pooling(.average(countsPadding: false), window: 3, stride: 2, padding: 1)
    let y = try graph.add(AveragePoolingGradient(of: pooling, shape: [1, 4, 7, 6]), g, name: "back")
    graph.outputs = [Graph.Output(name: "y", value: y)]
    let error = #expect(throws: ONNXExportError.self) { try ONNXExport().data(graph) }
    #expect(
      error?.description == """
        step: found nodes that ONNX has no operator for:
          'back' (average-pooling-gradient): an adjoint that only training steps compute
        expected operators of set 21; export the network itself, not its training step
        """)
  }

  @Test func `weights without values are refused unless the structure is asked for`() throws {
    let graph = try #require(BuiltInNetworks.named("lenet5")).graph()
    let error = #expect(throws: ONNXExportError.self) { try ONNXExport().data(graph) }
    #expect(
      error?.description
        == "lenet5: found no values for 10 weights, the first 'c1.weight', expected a trained network; "
        + "train it, or export the structure alone with --structure-only")
    #expect(try ONNXExport(missingValues: .zeros).data(graph).count < 5000)
  }

  @Test func `values of another size are refused`() throws {
    let graph = try #require(BuiltInNetworks.named("lenet5")).graph()
    let error = #expect(throws: ONNXExportError.self) {
      try ONNXExport(values: ["c1.weight": [1, 2]], missingValues: .zeros).data(graph)
    }
    #expect(
      error?.description
        == "weight 'c1.weight': found 2 float32 elements, expected float32[6, 1, 5, 5]; "
        + "give the values of this network")
  }

  @Test(arguments: BuiltInNetworks.all.map(\.name))
  func `every built-in network comes back with its types and its arithmetic`(_ name: String) throws {
    let graph = try #require(BuiltInNetworks.named(name)).graph()
    let back = try Self.imported(try ONNXExport(missingValues: .zeros).data(graph))
    #expect(back.verify().isEmpty)
    #expect(back.inputs == graph.inputs)
    #expect(back.outputs.map(\.name) == graph.outputs.map(\.name))
    #expect(back.outputs.map { back.type(of: $0.value) } == graph.outputs.map { graph.type(of: $0.value) })
    #expect(back.macs == graph.macs)
  }

  @Test func `names of weights survive, and names that are taken get a number`() throws {
    var graph = Graph(name: "names")
    let x = graph.addInput("x", TensorType([2]))
    let bytes: [UInt8] = [0, 0, 128, 63, 0, 0, 0, 64]
    let w = graph.addConstant("w", TensorType([2]), bytes: bytes)
    let sum = try graph.add(Binary(.add), x, w, name: "w")
    graph.outputs = [("y", sum), ("z", sum), ("copy", x)].map { Graph.Output(name: $0, value: $1) }
    let back = try Self.imported(try ONNXExport().data(graph))
    #expect(back.constants.map(\.name) == ["w"])
    #expect(back.constants[0].bytes == bytes)
    #expect(back.outputs.map(\.name) == ["y", "z", "copy"])
    #expect(back.outputs[0].value == back.outputs[1].value)
    #expect(back.outputs[2].value == Value(.input(0)))
  }

  // MARK: ONNX Runtime

  @Test(.enabled(if: ONNXRuntime.isThere, "no ONNX Runtime: run scripts/fetch-onnx-tests"))
  func `ONNX Runtime computes the same for every primitive`() throws {
    let samples = try ExportCase.samples.filter { !Self.adjoints.contains($0.graph.nodes[0].primitive.name) }
    try Self.compare(samples, tolerance: 1e-4)
  }

  @Test(.enabled(if: ONNXRuntime.isThere, "no ONNX Runtime: run scripts/fetch-onnx-tests"))
  func `ONNX Runtime computes the same for whole networks`() throws {
    try Self.compare(ExportCase.networks, tolerance: 1e-4)
  }

  private static func compare(_ cases: [ExportCase], tolerance: Double) throws {
    let outcomes = try ONNXRuntime.run(
      cases.map {
        ONNXRuntime.Case(
          model: try ONNXExport(values: $0.values).data($0.graph), graph: $0.graph, inputs: $0.inputs)
      })
    for (sample, outcome) in zip(cases, outcomes) {
      switch outcome {
      case .error(let message): Issue.record("\(sample.name): \(message)")
      case .outputs(let expected):
        for (found, expected) in zip(try sample.outputs(), expected) {
          let distance = found.distance(to: expected)
          #expect(distance <= tolerance, "\(sample.name): \(distance)")
        }
      }
    }
  }

  static func imported(_ data: Data) throws -> Graph {
    try ONNXModel(bytes: data, path: "model.onnx").graph(ONNXImportOptions(readsWeights: true, name: "model"))
  }
}
