package import Measures

/// A random change of a training image that leaves its class alone.
package enum ImageAugmentation: Hashable, Sendable {
  /// A window of the image's own extents, somewhere in the image with `padding` zeros around it.
  case crop(padding: Int)
  /// Left and right exchanged, every second time.
  case flip
  /// A square of `side` pixels set to the mean colour, its centre anywhere, so that part of it may lie outside
  /// (DeVries and Taylor 2017, arXiv:1708.04552).
  case cutout(side: Int)
  /// Some operations, each with a strength of 0 … 30 (``AugmentationPolicy``).
  case randAugment(count: Int, magnitude: Int)
  /// A pair of operations learned on CIFAR-10 (``AugmentationPolicy``).
  case autoAugment

  /// One line for each kind: its name, its number and what it does.
  package static let guide =
    "crop:4 (padding), flip, cutout:8 (side), randaugment:2:9 (count, strength), autoaugment"

  /// The kinds of a text such as "crop:4, flip"; nil where it is not understood.
  ///
  /// "none" is the empty list.
  package static func list(_ text: String) -> [ImageAugmentation]? {
    let words = text.split(separator: ",").map { $0.filter { $0 != " " } }
    guard !words.isEmpty, words != ["none"] else { return words.isEmpty ? nil : [] }
    let found = words.compactMap { ImageAugmentation($0) }
    return found.count == words.count ? found : nil
  }

  /// Reads "crop:4".
  package init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let numbers = parts.dropFirst().compactMap { Int($0) }
    guard numbers.count == parts.count - 1, numbers.allSatisfy({ (1...1024).contains($0) }) else {
      return nil
    }
    switch (parts.first, numbers.count) {
    case ("crop", 1): self = .crop(padding: numbers[0])
    case ("flip", 0): self = .flip
    case ("cutout", 1): self = .cutout(side: numbers[0])
    case ("randaugment", 2) where numbers[0] <= 16 && numbers[1] <= 30:
      self = .randAugment(count: numbers[0], magnitude: numbers[1])
    case ("autoaugment", 0): self = .autoAugment
    default: return nil
    }
  }

  /// Changes the bytes of an image.
  package func apply(to image: inout PlanarImage, _ random: inout RandomStream) {
    switch self {
    case .crop(let padding):
      image = image.shifted(
        rows: random.below(2 * padding + 1) - padding, columns: random.below(2 * padding + 1) - padding)
    case .flip: if random.below(2) == 1 { image = image.mirrored }
    case .randAugment(let count, let magnitude):
      image = AugmentationPolicy.randAugment(image, count: count, magnitude: magnitude, &random)
    case .autoAugment: image = AugmentationPolicy.autoAugment(image, &random)
    // Of normalised pixels: their mean is 0.
    case .cutout: break
    }
  }

  /// Changes the normalised pixels `[channel, row, column]` of an image.
  package func apply(
    toNormalized pixels: inout ArraySlice<Float>, height: Int, width: Int, _ random: inout RandomStream
  ) {
    guard case .cutout(let side) = self else { return }
    let (row, column) = (random.below(height), random.below(width))
    let rows = max(0, row - side / 2)..<min(height, row - side / 2 + side)
    let columns = max(0, column - side / 2)..<min(width, column - side / 2 + side)
    for channel in 0..<pixels.count / (height * width) {
      for row in rows {
        let start = pixels.startIndex + (channel * height + row) * width
        for column in columns { pixels[start + column] = 0 }
      }
    }
  }
}

extension ImageAugmentation: CustomStringConvertible {
  package var description: String {
    switch self {
    case .crop(let padding): "crop:\(padding)"
    case .flip: "flip"
    case .cutout(let side): "cutout:\(side)"
    case .randAugment(let count, let magnitude): "randaugment:\(count):\(magnitude)"
    case .autoAugment: "autoaugment"
    }
  }
}
