import Foundation
import Graphs
import Measures
import Networks
import Testing
import Training

/// Networks on integers of 8 bits.
struct QuantizationTests {
  /// A network whose layers have all forms that integers compute, on random extents.
  static func network(seed: UInt64) throws -> Graph {
    var random = RandomStream(seed: seed)
    func number(_ range: ClosedRange<Int>) -> Int { range.lowerBound + random.below(range.count) }
    let channels = 4 * number(1...3)
    var graph = Graph(name: "random \(seed)")
    func parameter(_ name: String, _ shape: [Int], trained: Bool = true) -> Value {
      graph.addConstant(name, TensorType(shape), isParameter: trained)
    }
    func convolution(
      _ x: Value, _ name: String, to outputs: Int, kernel: Int, stride: Int = 1, groups: Int = 1
    )
      throws -> Value
    {
      let inputs = graph.type(of: x).shape[1]
      let w = parameter("\(name).weight", [outputs, inputs / groups, kernel, kernel])
      return try graph.add(
        Convolution(stride: stride, padding: kernel / 2, groups: groups), x, w, name: name)
    }
    func normalized(_ x: Value, _ name: String) throws -> Value {
      let channels = [graph.type(of: x).shape[1]]
      return try graph.addNode(
        BatchNormalization(),
        [
          x, parameter("\(name).weight", channels), parameter("\(name).bias", channels),
          parameter("\(name).running_mean", channels, trained: false),
          parameter("\(name).running_var", channels, trained: false),
        ], name: name)[0]
    }
    let x = graph.addInput("x", TensorType([2, number(1...4), number(9...14), number(9...14)]))
    var y = try convolution(x, "stem", to: channels, kernel: 3)
    y = try graph.add(Unary(.relu), normalized(y, "stem.norm"), name: "stem.relu")
    let shortcut = y
    y = try convolution(y, "depthwise", to: channels, kernel: 3, groups: channels)
    let bias = parameter("depthwise.bias", [channels, 1, 1])
    y = try graph.add(Binary(.add), y, bias, name: "depthwise.biased")
    y = try graph.add(Unary(.clamp(minimum: 0, maximum: 6)), y, name: "depthwise.relu6")
    y = try convolution(y, "grouped", to: channels, kernel: 1 + 2 * number(0...1), groups: 2)
    y = try graph.add(Binary(.add), normalized(y, "grouped.norm"), shortcut, name: "sum")
    if seed % 2 == 0 { y = try graph.add(Unary(.relu), y, name: "sum.relu") }
    y = try graph.add(Pooling(.maximum, window: 3, stride: 2, padding: 1), y, name: "pool")
    y = try convolution(y, "wide", to: number(90...130), kernel: 3, stride: number(1...2))
    y = try graph.add(Unary(.hardSwish), y, name: "swish")
    y = try convolution(y, "last", to: 24, kernel: 3)
    y = try graph.add(Reduce(.mean, axes: [2, 3], keepsDimensions: seed % 3 == 0), y, name: "mean")
    y = try graph.add(Reshape([2, 24]), y, name: "flatten")
    let transposes = seed % 2 == 1
    let w = parameter("fc.weight", transposes ? [10, 24] : [24, 10])
    y = try graph.add(MatrixProduct(transposesRight: transposes), y, w, name: "fc")
    if seed % 4 > 0 { y = try graph.add(Binary(.add), y, parameter("fc.bias", [10]), name: "logits") }
    graph.outputs = [Graph.Output(name: "y", value: y)]
    return graph
  }

  /// A random network with values, calibrated and quantised.
  static func quantized(
    seed: UInt64, _ format: QuantizationFormat = QuantizationFormat()
  ) throws -> (real: Graph, values: [String: [Float]], quantized: Graph) {
    let real = try network(seed: seed)
    var values = Initialization(seed: seed).values(for: real)
    var random = RandomStream(seed: seed + 1)
    for name in values.keys.sorted()
    where !name.hasSuffix(".weight") || values[name]?.allSatisfy({ $0 == 1 }) == true {
      let isPositive = name.hasSuffix("running_var") || name.hasSuffix("weight")
      values[name] = values[name]?.map { _ in
        Float(isPositive ? 0.5 + random.uniform() : random.uniform() - 0.5)
      }
    }
    let batches = (0..<3).map {
      PlanCase(real, seed: seed * 7 + UInt64($0)).inputs[0].elements.map { Float($0) }
    }
    let calibration = try Calibration(real, values: values, batches: batches)
    return (real, values, try Quantizer.quantized(calibration, format))
  }

  static let formats: [QuantizationFormat] = [
    QuantizationFormat(), QuantizationFormat(activations: .int8, method: .percentile(0.999)),
    QuantizationFormat(method: .meanSquare), QuantizationFormat(activations: .int8, method: .entropy),
  ]

  @Test(arguments: 0..<8) func `every layer with an integer form takes it`(_ seed: UInt64) throws {
    let graph = try Self.quantized(seed: seed).quantized
    #expect(graph.verify().isEmpty)
    let layers = graph.quantizedLayers.values
    let products = layers.count { if case .convolution = $0.operation { true } else { false } }
    #expect(products == 5)
    #expect(layers.count { $0.operation == .add } == 1)
    #expect(layers.count { $0.operation == .globalAverage } == 1)
    #expect(layers.count == 8)
    #expect(!graph.nodes.contains { $0.primitive is BatchNormalization })
  }

  @Test(arguments: 0..<8) func `integers stay close to the real network`(_ seed: UInt64) throws {
    let format = Self.formats[Int(seed) % Self.formats.count]
    let (real, values, quantized) = try Self.quantized(seed: seed, format)
    var sample = PlanCase(real, seed: seed * 7)
    let exact = try Execution(Plan(real), values: values)
    let integer = try Execution(Plan(quantized))
    for execution in [exact, integer] {
      try execution.write(sample.inputs[0].elements.map { Float($0) }, toInput: 0)
      execution.run()
    }
    sample.inputs = []
    let (expected, found) = (exact.output(0), integer.output(0))
    let scale = expected.reduce(0) { max($0, abs($1)) }
    let error = zip(expected, found).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
    #expect(error <= 0.1 * scale)
    // It is not the real network again.
    #expect(error > 0)
  }

  @Test(arguments: 0..<8) func `the engine's integer layers agree with sums of integers`(_ seed: UInt64)
    throws
  {
    let quantized = try Self.quantized(seed: seed, Self.formats[Int(seed) % 2]).quantized
    let sample = PlanCase(quantized, seed: seed)
    let labels = try Plan(quantized).stepLabels
    #expect(labels.contains("integer products"))
    let execution = try sample.execution()
    execution.run()
    let expected = try IntegerReference(quantized, sample.inputs[0]).output
    #expect(execution.output(0).map { Double($0) } == expected.elements)
  }

  @Test(arguments: 0..<4) func `a quantised network comes back from its file with the same bits`(
    _ seed: UInt64
  ) throws {
    let quantized = try Self.quantized(seed: seed, Self.formats[Int(seed)]).quantized
    let data = try ONNXExport().data(quantized)
    let back = try ExportTests.imported(data)
    #expect(back.quantizedLayers.count == quantized.quantizedLayers.count)
    #expect(back.macs == quantized.macs)
    var outputs: [[Float]] = []
    for graph in [quantized, back] {
      let execution = try PlanCase(graph, seed: 9).execution()
      execution.run()
      outputs.append(execution.output(0))
    }
    #expect(outputs[0] == outputs[1])
  }

  @Test(.enabled(if: ONNXRuntime.isThere, "no ONNX Runtime: run scripts/fetch-onnx-tests"))
  func `ONNX Runtime computes the same bits`() throws {
    var cases: [ONNXRuntime.Case] = []
    for seed in UInt64(0)..<24 {
      var quantized = try Self.quantized(seed: seed, Self.formats[Int(seed) % 4]).quantized
      // Up to the last integers, and those in the middle: real numbers between them may differ in the last bit.
      quantized.outputs = quantized.integerResults
      cases.append(
        ONNXRuntime.Case(
          model: try ONNXExport().data(quantized), graph: quantized,
          inputs: PlanCase(quantized, seed: seed + 50).inputs))
    }
    for (seed, (item, outcome)) in zip(cases, try ONNXRuntime.run(cases)).enumerated() {
      guard case .outputs(let expected) = outcome else {
        Issue.record("network \(seed): \(outcome)")
        continue
      }
      var sample = PlanCase(item.graph, seed: 0)
      sample.inputs = item.inputs
      let execution = try sample.execution()
      execution.run()
      for (index, tensor) in expected.enumerated() {
        let found = execution.output(index).map { Double($0) }
        #expect(found == tensor.elements, "network \(seed), \(item.graph.outputs[index].name)")
      }
    }
  }

  @Test func `calibration without batches is refused`() throws {
    let error = #expect(throws: PlanError.self) {
      try Calibration(Self.network(seed: 0), values: [:], batches: [])
    }
    #expect(error?.description == "calibration of 'random 0': found no batches, expected at least 1")
  }

  @Test func `ranges follow their methods`() {
    var statistics = ActivationStatistics()
    // One number of a thousand is far away.
    let numbers = (0..<10000).map { $0 % 1000 == 0 ? Float(100) : Float($0 % 100) / 100 }
    statistics.observeRange(numbers)
    statistics.count(numbers)
    #expect(statistics.range(.minimumMaximum) == 0...100)
    #expect(statistics.range(.percentile(0.99)).upperBound < 2)
    #expect(statistics.range(.entropy).upperBound <= 100)
    #expect(statistics.range(.meanSquare).upperBound > 50)
    #expect(ActivationStatistics().range(.minimumMaximum) == 0...0)
  }
}

extension Graph {
  /// An output for the result of each integer layer.
  fileprivate var integerResults: [Output] {
    quantizedLayers.keys.sorted().map { index in
      Output(name: "\(nodes[index].name).integers", value: Value(.node(index, result: 0)))
    }
  }
}
