import Measures
import Testing

@testable import Datasets

/// Images mixed with each other, and batches made ahead.
struct Mixing {
  /// Three images of one channel and 4 × 4 pixels, each of one value.
  static let batch = TrainingBatch(
    pixels: [1, 2, 4].flatMap { Array(repeating: Float($0), count: 16) }, labels: [0, 1, 2])

  @Test(arguments: [0.2, 1, 3]) func `shares have the mean and variance of the Beta distribution`(
    _ alpha: Double
  ) {
    var random = RandomStream(seed: 7)
    let draws = (0..<20_000).map { _ in BatchMixing.beta(alpha, &random) }
    let mean = draws.reduce(0, +) / Double(draws.count)
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(draws.count)
    #expect(abs(mean - 0.5) < 0.01)
    #expect(abs(variance - 1 / (4 * (2 * alpha + 1))) < 0.005)
    #expect(draws.allSatisfy { (0...1).contains($0) })
  }

  @Test func `mixup weights pixels as it weights labels`() throws {
    var random = RandomStream(seed: 3)
    for _ in 0..<20 {
      var batch = Self.batch
      BatchMixing(mixup: 1).apply(to: &batch, channels: 1, height: 4, width: 4, &random)
      let mixture = try #require(batch.mixture)
      for sample in 0..<3 {
        let own = Self.batch.pixels[sample * 16]
        let other = Self.batch.pixels[mixture.labels[sample] * 16]
        let expected = Float(mixture.share) * own + Float(1 - mixture.share) * other
        #expect(batch.pixels[sample * 16..<sample * 16 + 16].allSatisfy { abs($0 - expected) < 1e-6 })
      }
      #expect(mixture.labels.sorted() == [0, 1, 2])
    }
  }

  @Test func `a cut has the share of the pixels that it leaves`() throws {
    var random = RandomStream(seed: 4)
    var shares: Set<Double> = []
    for _ in 0..<50 {
      var batch = Self.batch
      BatchMixing(cutmix: 1).apply(to: &batch, channels: 1, height: 4, width: 4, &random)
      let mixture = try #require(batch.mixture)
      shares.insert(mixture.share)
      for sample in 0..<3 where mixture.labels[sample] != sample {
        let own = Self.batch.pixels[sample * 16]
        #expect(batch.pixels[sample * 16..<sample * 16 + 16].count { $0 == own } == Int(mixture.share * 16))
      }
    }
    #expect(shares.count > 3)
  }

  @Test func `distributions add up to one and hold both labels`() {
    var batch = Self.batch
    let plain = batch.distributions(classes: 3, smoothing: 0.3)
    #expect(plain.prefix(3).elementsEqual([0.8, 0.1, 0.1]) { abs($0 - $1) < 1e-6 })
    batch.mixture = .init(labels: [1, 1, 0], share: 0.75)
    let mixed = batch.distributions(classes: 3, smoothing: 0)
    #expect(mixed == [0.75, 0.25, 0, 0, 1, 0, 0.25, 0, 0.75])
  }

  @Test func `both kinds take turns and none changes nothing`() {
    var random = RandomStream(seed: 5)
    var cuts = 0
    for _ in 0..<200 {
      var batch = Self.batch
      BatchMixing(mixup: 1, cutmix: 1).apply(to: &batch, channels: 1, height: 4, width: 4, &random)
      cuts += batch.pixels.allSatisfy { [1, 2, 4].contains($0) } ? 1 : 0
    }
    #expect((90...145).contains(cuts))
    var batch = Self.batch
    BatchMixing().apply(to: &batch, channels: 1, height: 4, width: 4, &random)
    #expect(batch == Self.batch)
  }

  @Test func `batches made ahead have the bytes of those made when asked for`() throws {
    let batches = try Batches(
      ProceduralImages().images(50), batchSize: 10, seed: 9, augmentations: [.crop(padding: 2), .flip],
      mixing: BatchMixing(mixup: 0.4))
    let ahead = BatchLoader(batches, epoch: 1, position: 3)
    let plain = BatchLoader(batches, epoch: 1, position: 3, depth: 0)
    for step in 3..<13 {
      let batch = ahead.next()
      #expect(batch == plain.next())
      let (epoch, position) = (1 + step / 5, step % 5)
      #expect(
        batch
          == batches.augmentedBatch(
            batches.order(epoch: epoch)[position], epoch: epoch, position: position))
    }
  }
}
