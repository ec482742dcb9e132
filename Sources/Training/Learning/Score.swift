package import Datasets
package import Graphs

/// How well a classifier does on images: accuracy and mean cross entropy.
package struct Score: Hashable, Sendable {
  package var right = 0
  package var count = 0
  package var lossSum = 0.0

  package init() {}

  package var accuracy: Double { count == 0 ? 0 : Double(right) / Double(count) }
  package var loss: Double { count == 0 ? 0 : lossSum / Double(count) }

  /// The score of a network on all images, batch by batch; what is missing of the last batch is filled with zeros.
  ///
  /// - Throws: ``PlanError`` for weights that are missing, or outputs of another number of classes.
  package init(
    of network: Graph, values: [String: [Float]], on images: LabelledImages, normalization: Normalization,
    threads: Int
  ) throws {
    let evaluation = try Evaluation(network, values: values, threads: threads)
    let batchSize = network.inputs[0].type.shape[0]
    let batches = try Batches(images, batchSize: 1, seed: 0, normalization: normalization)
    for start in stride(from: 0, to: images.count, by: batchSize) {
      let indices = Array(start..<min(start + batchSize, images.count))
      var (pixels, labels) = batches.batch(indices)
      pixels += Array(repeating: 0, count: (batchSize - indices.count) * images.imageSize)
      let logits = Logits(try evaluation.logits(pixels), classes: images.classes)
      for (sample, (label, found)) in zip(labels, logits.classified).enumerated() {
        right += label == found ? 1 : 0
        lossSum += logits.crossEntropy(sample, label: label)
      }
      count += labels.count
    }
  }
}
