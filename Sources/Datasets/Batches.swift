import Measures

/// The batches of an epoch: all images once, in an order that the seed and the epoch decide.
///
/// What is left of the images after the last full batch waits for another epoch's order.
package struct Batches: Sendable {
  package let images: LabelledImages
  package let batchSize: Int
  package let normalization: Normalization
  private let stream: RandomStream

  /// - Throws: ``DatasetError`` where there are fewer images than one batch holds.
  package init(
    _ images: LabelledImages, batchSize: Int, seed: UInt64, normalization: Normalization? = nil
  ) throws(DatasetError) {
    guard batchSize >= 1, images.count >= batchSize else {
      throw DatasetError(
        images.name, found: "\(images.count) images in batches of \(batchSize)",
        expected: "at least one batch")
    }
    self.images = images
    self.batchSize = batchSize
    self.normalization = normalization ?? images.statistics
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

  /// Normalised pixels `[batch, channel, row, column]` and labels of some images.
  package func batch(_ indices: [Int]) -> (pixels: [Float], labels: [Int]) {
    let area = images.height * images.width
    var pixels: [Float] = []
    pixels.reserveCapacity(indices.count * images.imageSize)
    for index in indices {
      for channel in 0..<images.channels {
        let (mean, deviation) = (normalization.means[channel], max(normalization.deviations[channel], 1e-6))
        let (scale, shift) = (Float(1 / (255 * deviation)), Float(mean / deviation))
        let start = index * images.imageSize + channel * area
        for pixel in images.pixels[start..<start + area] { pixels.append(Float(pixel) * scale - shift) }
      }
    }
    return (pixels, indices.map { images.labels[$0] })
  }
}
