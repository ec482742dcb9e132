import Glibc
package import Measures

/// Images of a batch mixed with each other, and their labels with them.
package struct BatchMixing: Hashable, Sendable {
  /// The parameter of mixup's Beta distribution, where images become weighted sums; 0 for none.
  ///
  /// Source: Zhang et al. 2018, arXiv:1710.09412.
  package var mixup: Double
  /// The parameter of CutMix's Beta distribution, where images are cut together; 0 for none.
  ///
  /// Source: Yun et al. 2019, arXiv:1905.04899.
  package var cutmix: Double

  package init(mixup: Double = 0, cutmix: Double = 0) {
    self.mixup = mixup
    self.cutmix = cutmix
  }

  package var isIdentity: Bool { mixup == 0 && cutmix == 0 }

  /// Mixes the images of a batch of extents `[channels, height, width]` each, all by the same share; where both kinds are
  /// wanted, a batch gets one or the other with equal chance.
  package func apply(
    to batch: inout TrainingBatch, channels: Int, height: Int, width: Int, _ random: inout RandomStream
  ) {
    guard !isIdentity else { return }
    let cuts = cutmix > 0 && (mixup == 0 || random.below(2) == 1)
    var share = Self.beta(cuts ? cutmix : mixup, &random)
    var partners = Array(batch.labels.indices)
    for index in stride(from: partners.count - 1, to: 0, by: -1) {
      partners.swapAt(index, random.below(index + 1))
    }
    let original = batch.pixels
    let size = channels * height * width
    if cuts {
      let side = (1 - share).squareRoot()
      let (halfHeight, halfWidth) = (Int(Double(height) * side / 2), Int(Double(width) * side / 2))
      let (row, column) = (random.below(height), random.below(width))
      let rows = max(0, row - halfHeight)..<min(height, row + halfHeight)
      let columns = max(0, column - halfWidth)..<min(width, column + halfWidth)
      for (sample, partner) in partners.enumerated() {
        for line in 0..<channels * height where rows.contains(line % height) {
          for column in columns {
            batch.pixels[sample * size + line * width + column] =
              original[partner * size + line * width + column]
          }
        }
      }
      share = 1 - Double(rows.count * columns.count) / Double(height * width)
    } else {
      let (own, other) = (Float(share), Float(1 - share))
      for (sample, partner) in partners.enumerated() {
        for offset in 0..<size {
          batch.pixels[sample * size + offset] =
            own * original[sample * size + offset] + other * original[partner * size + offset]
        }
      }
    }
    batch.mixture = .init(labels: partners.map { batch.labels[$0] }, share: share)
  }

  /// A number of the Beta distribution with both parameters `alpha`.
  ///
  /// Source: Jöhnk 1964, doi:10.1007/BF02613706; in expectation 1/B trials, few for the small parameters that mixing uses.
  static func beta(_ alpha: Double, _ random: inout RandomStream) -> Double {
    while true {
      let (x, y) = (pow(random.uniform(), 1 / alpha), pow(random.uniform(), 1 / alpha))
      if x + y <= 1, x + y > 0 { return x / (x + y) }
    }
  }
}
