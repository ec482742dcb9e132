package import Formats
package import Graphs
package import Training

/// What a quantisation came to, for people and programs.
package struct QuantizationReport: Sendable {
  package var network: String
  package var dataset: String
  /// The name of the ``CalibrationMethod``.
  package var method: String
  package var quantization: PostTrainingQuantization
  /// The network that was written, and where to.
  package var graph: Graph
  package var file: String
  package var byteCount: Int

  package init(
    network: String, dataset: String, method: String, quantization: PostTrainingQuantization, graph: Graph,
    file: String, byteCount: Int
  ) {
    self.network = network
    self.dataset = dataset
    self.method = method
    self.quantization = quantization
    self.graph = graph
    self.file = file
    self.byteCount = byteCount
  }

  package func json(version: String) -> JSONValue {
    let (real, integer) = (quantization.real, quantization.integer)
    return [
      "schema": .integer(RunReport.schema), "version": .string(version), "network": .string(network),
      "dataset": .string(dataset), "method": .string(method),
      "activations": .string("\(quantization.format.activations)"),
      "calibration_images": .integer(quantization.calibrationImages), "images": .integer(real.count),
      "test_accuracy": .number(real.accuracy), "test_loss": .number(real.loss),
      "int8_test_accuracy": .number(integer.accuracy), "int8_test_loss": .number(integer.loss),
      "integer_layers": .integer(graph.quantizedLayers.count), "integer_macs": .integer(graph.integerMACs),
      "macs": .integer(graph.macs), "file": .string(file), "bytes": .integer(byteCount),
    ]
  }

  package func text(in style: TerminalStyle) -> String {
    let (real, integer) = (quantization.real, quantization.integer)
    let share = graph.macs == 0 ? 0 : Double(graph.integerMACs) / Double(graph.macs)
    let layers = graph.quantizedLayers.count
    return """
      \(style.printable("\(network) on \(dataset)")), \(grouped(real.count)) test images
        real numbers  accuracy \(percent(real.accuracy)), loss \(fixed(real.loss, 4))
        integers      accuracy \(percent(integer.accuracy)), loss \(fixed(integer.loss, 4))
      \(layers) \(layers == 1 ? "layer" : "layers") with \(percent(share)) of the MACs on integers of 8 bits; \
      \(style.printable(file)) has \(grouped(byteCount)) bytes

      """
  }
}
