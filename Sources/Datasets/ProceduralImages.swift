import Measures

/// Images that need no file: stripes of one of ten directions and widths, with random phase, contrast and noise.
///
/// A small network learns them in seconds, so that a machine without data can train something.
package struct ProceduralImages: Hashable, Sendable {
  package var extent: Int
  package var seed: UInt64

  package init(extent: Int = 16, seed: UInt64 = 1) {
    self.extent = extent
    self.seed = seed
  }

  package static let classes = 10

  /// `count` images; the same seed gives the same ones, and the first of many are those of few.
  package func images(_ count: Int) throws(DatasetError) -> LabelledImages {
    guard extent > 0, count > 0 else {
      throw DatasetError("stripes", found: "\(count) images of \(extent) × \(extent)", expected: "at least 1")
    }
    let stream = RandomStream(seed: seed)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(count * extent * extent)
    var labels: [Int] = []
    for image in 0..<count {
      var random = stream.child(UInt64(image))
      let label = random.below(Self.classes)
      labels.append(label)
      // Whole steps: a direction is a slope of rows against columns, a width a period of pixels.
      let (rowStep, columnStep) = [(0, 1), (1, 0), (1, 1), (1, -1), (2, 1)][label / 2]
      let period = label % 2 == 0 ? 4 : 8
      let phase = random.below(period)
      let contrast = 40 + random.below(60)
      for row in 0..<extent {
        for column in 0..<extent {
          let place = (row * rowStep + column * columnStep + phase) % period
          let isLight = (place + period) % period < period / 2
          let noise = random.below(81) - 40
          pixels.append(UInt8(clamping: 128 + (isLight ? contrast : -contrast) + noise))
        }
      }
    }
    return try LabelledImages(
      name: "stripes", channels: 1, height: extent, width: extent, classes: Self.classes, pixels: pixels,
      labels: labels)
  }
}
