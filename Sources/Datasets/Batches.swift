import Measures

/// The batches of an epoch: all images once, in an order that the seed and the epoch decide.
///
/// What is left of the images after the last full batch waits for another epoch's order. A batch depends on the seed, the
/// epoch and its position only, so that training can go on anywhere.
package struct Batches: Sendable {
  package let images: LabelledImages
  package let batchSize: Int
  package let normalization: Normalization
  package let augmentations: [ImageAugmentation]
  package let mixing: BatchMixing
  private let stream: RandomStream

  /// - Throws: ``DatasetError`` where there are fewer images than one batch holds.
  package init(
    _ images: LabelledImages, batchSize: Int, seed: UInt64, normalization: Normalization? = nil,
    augmentations: [ImageAugmentation] = [], mixing: BatchMixing = BatchMixing()
  ) throws(DatasetError) {
    guard batchSize >= 1, images.count >= batchSize else {
      throw DatasetError(
        images.name, found: "\(images.count) images in batches of \(batchSize)",
        expected: "at least one batch")
    }
    self.images = images
    self.batchSize = batchSize
    self.normalization = normalization ?? images.statistics
    self.augmentations = augmentations
    self.mixing = mixing
    stream = RandomStream(seed: seed)
  }

  package var count: Int { images.count / batchSize }

  /// The images of each batch of an epoch.
  package func order(epoch: Int) -> [[Int]] {
    var random = stream.child(UInt64(bitPattern: Int64(epoch)))
    var indices = Array(0..<images.count)
    for index in stride(from: indices.count - 1, to: 0, by: -1) {
      indices.swapAt(index, random.below(index + 1))
    }
    return (0..<count).map { Array(indices[$0 * batchSize..<($0 + 1) * batchSize]) }
  }

  /// Normalised pixels `[batch, channel, row, column]` and labels of some images as they are.
  package func batch(_ indices: [Int]) -> (pixels: [Float], labels: [Int]) {
    var pixels: [Float] = []
    pixels.reserveCapacity(indices.count * images.imageSize)
    for index in indices { append(images.pixels[images.range(of: index)], to: &pixels) }
    return (pixels, indices.map { images.labels[$0] })
  }

  /// The same, with each image changed and images mixed at random: by the seed, the epoch and the place in the epoch.
  package func augmentedBatch(_ indices: [Int], epoch: Int, position: Int) -> TrainingBatch {
    guard !augmentations.isEmpty || !mixing.isIdentity else {
      let (pixels, labels) = batch(indices)
      return TrainingBatch(pixels: pixels, labels: labels)
    }
    // Children below 2^32 draw the orders of epochs.
    let draws = stream.child(1 << 32 + UInt64(epoch))
    var pixels: [Float] = []
    pixels.reserveCapacity(indices.count * images.imageSize)
    for (place, index) in indices.enumerated() {
      var random = draws.child(UInt64(position * batchSize + place))
      var image = PlanarImage(
        channels: images.channels, height: images.height, width: images.width,
        pixels: Array(images.pixels[images.range(of: index)]))
      for augmentation in augmentations { augmentation.apply(to: &image, &random) }
      let start = pixels.count
      append(image.pixels[...], to: &pixels)
      for augmentation in augmentations {
        augmentation.apply(
          toNormalized: &pixels[start...], height: images.height, width: images.width, &random)
      }
    }
    var batch = TrainingBatch(pixels: pixels, labels: indices.map { images.labels[$0] })
    var random = draws.child(1 << 48 + UInt64(position))
    mixing.apply(
      to: &batch, channels: images.channels, height: images.height, width: images.width, &random)
    return batch
  }

  private func append(_ image: ArraySlice<UInt8>, to pixels: inout [Float]) {
    let area = images.height * images.width
    for channel in 0..<images.channels {
      let (mean, deviation) = (normalization.means[channel], max(normalization.deviations[channel], 1e-6))
      let (scale, shift) = (Float(1 / (255 * deviation)), Float(mean / deviation))
      let start = image.startIndex + channel * area
      for pixel in image[start..<start + area] { pixels.append(Float(pixel) * scale - shift) }
    }
  }
}
