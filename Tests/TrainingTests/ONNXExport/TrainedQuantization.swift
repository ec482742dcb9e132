import Datasets
import Graphs
import Networks
import Testing
import Training

/// A network that has learned something, on integers of 8 bits.
struct TrainedQuantization {
  @Test func `a trained network keeps its accuracy, and ONNX Runtime computes the same bits`() throws {
    let images = try ProceduralImages().images(1152)
    let batch = 32
    var builder = NetworkBuilder(name: "convnet")
    try SmallResNet(depth: 1).build(in: &builder, batch: batch, input: [1, images.height, images.width])
    let network = builder.graph
    let trainer = try Trainer(network, Recipe(), initialization: Initialization(seed: 4))
    let batches = try Batches(images.subset(0..<896), batchSize: batch, seed: 4)
    for epoch in 0..<3 {
      for indices in batches.order(epoch: epoch) {
        let (pixels, labels) = batches.batch(indices)
        _ = try trainer.run(pixels, labels: labels, rate: 0.05)
      }
    }
    let calibration = try Calibration(
      network, values: trainer.values,
      batches: batches.order(epoch: 0).prefix(4).map { batches.batch($0).0 })
    let quantized = try Quantizer.quantized(calibration, QuantizationFormat(method: .percentile(0.9999)))
    let test = try Batches(
      images.subset(896..<1152), batchSize: batch, seed: 0, normalization: batches.normalization)
    let real = try Evaluation(network, values: trainer.values)
    let integer = try Evaluation(quantized, values: [:])
    var (right, rightOnIntegers) = (0, 0)
    var cases: [ONNXRuntime.Case] = []
    for first in stride(from: 0, to: 256, by: batch) {
      let (pixels, labels) = test.batch(Array(first..<first + batch))
      right += zip(try real.classify(pixels), labels).count { $0 == $1 }
      rightOnIntegers += zip(try integer.classify(pixels), labels).count { $0 == $1 }
      let input = ReferenceTensor(network.inputs[0].type.shape, pixels.map { Double($0) })
      cases.append(
        ONNXRuntime.Case(model: try ONNXExport().data(quantized), graph: quantized, inputs: [input]))
    }
    #expect(right >= 230)
    #expect(abs(right - rightOnIntegers) <= 3)
    // All products are on integers.
    let layers = quantized.quantizedLayers.values.count { $0.operands.count == 2 && $0.operation != .add }
    #expect(layers == 8)
    guard ONNXRuntime.isThere else { return }
    for (sample, outcome) in zip(cases, try ONNXRuntime.run(cases)) {
      guard case .outputs(let expected) = outcome else {
        Issue.record("\(outcome)")
        continue
      }
      var plan = PlanCase(quantized, seed: 0)
      plan.inputs = sample.inputs
      let execution = try plan.execution()
      execution.run()
      #expect(execution.output(0).map { Double($0) } == expected[0].elements)
    }
  }
}
