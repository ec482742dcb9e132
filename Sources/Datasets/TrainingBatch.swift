/// What one step trains on: normalised pixels `[batch, channel, row, column]` and what they show.
package struct TrainingBatch: Hashable, Sendable {
  package var pixels: [Float]
  package var labels: [Int]
  /// The classes that images were mixed with, and how much of each image is still its own; nil where nothing was mixed.
  package var mixture: Mixture?

  package struct Mixture: Hashable, Sendable {
    package var labels: [Int]
    package var share: Double
  }

  package init(pixels: [Float], labels: [Int], mixture: Mixture? = nil) {
    self.pixels = pixels
    self.labels = labels
    self.mixture = mixture
  }

  /// The labels as distributions `[batch, classes]`, a part of each spread over all classes.
  package func distributions(classes: Int, smoothing: Double) -> [Float] {
    var targets = Array(repeating: Float(smoothing / Double(classes)), count: labels.count * classes)
    let share = mixture?.share ?? 1
    for (sample, label) in labels.enumerated() {
      targets[sample * classes + label] += Float((1 - smoothing) * share)
      if let mixture {
        targets[sample * classes + mixture.labels[sample]] += Float((1 - smoothing) * (1 - share))
      }
    }
    return targets
  }
}
