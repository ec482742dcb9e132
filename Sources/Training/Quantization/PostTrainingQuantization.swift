package import Datasets
package import Graphs

/// A trained classifier on integers of 8 bits, and how well it and the original do on images that neither has seen.
///
/// Ranges come from training images, in the order of their first epoch; nothing is trained again.
package struct PostTrainingQuantization: Sendable {
  package let format: QuantizationFormat
  /// Training images that ranges were taken from: whole batches.
  package let calibrationImages: Int
  /// The original, on real numbers.
  package let real: Score
  package let integer: Score
  private let calibration: Calibration

  /// Calibrates a network `[batch, channels, height, width]` → `[batch, classes]` on at least `calibrationImages` training
  /// images, where there are as many, and tests it before and after.
  ///
  /// - Throws: ``PlanError``, `ShapeError` or `DatasetError` where the engine does not run the network, a weight is missing,
  ///   or images do not fit it.
  package init(
    _ network: Graph, values: [String: [Float]], on images: ImageDataset, normalization: Normalization,
    calibrationImages: Int, format: QuantizationFormat, threads: Int
  ) throws {
    let batchSize = network.inputs.first?.type.shape.first ?? 1
    try network.requireFit(to: images, batch: batchSize)
    let batches = try Batches(images.training, batchSize: batchSize, seed: 0, normalization: normalization)
    let chosen = batches.order(epoch: 0).prefix((calibrationImages + batchSize - 1) / batchSize)
    self.format = format
    self.calibrationImages = chosen.count * batchSize
    calibration = try Calibration(
      network, values: values, batches: chosen.map { batches.batch($0).pixels }, threads: threads)
    let quantized = try Quantizer.quantized(calibration, format)
    func score(_ graph: Graph, _ values: [String: [Float]]) throws -> Score {
      try Score(of: graph, values: values, on: images.test, normalization: normalization, threads: threads)
    }
    real = try score(network, values)
    integer = try score(quantized, [:])
  }

  /// The same network for batches of any size on integers, with the same ranges.
  ///
  /// - Throws: ``PlanError`` where it has other nodes than the one that was calibrated.
  package func quantized(_ network: Graph, values: [String: [Float]]) throws -> Graph {
    try Quantizer.quantized(calibration.applied(to: network, values: values), format)
  }
}
