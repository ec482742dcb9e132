/// Images of equal extents, each with the number of its class.
package struct LabelledImages: Hashable, Sendable {
  package var name: String
  package var channels: Int
  package var height: Int
  package var width: Int
  package var classes: Int
  /// One byte for each channel of each pixel: `[image, channel, row, column]`.
  package var pixels: [UInt8]
  package var labels: [Int]

  package init(
    name: String, channels: Int, height: Int, width: Int, classes: Int, pixels: [UInt8], labels: [Int]
  ) throws(DatasetError) {
    self.name = name
    self.channels = channels
    self.height = height
    self.width = width
    self.classes = classes
    self.pixels = pixels
    self.labels = labels
    guard pixels.count == labels.count * imageSize else {
      throw DatasetError(
        name, found: "\(pixels.count) bytes for \(labels.count) labels",
        expected: "\(imageSize) for each image")
    }
    if let wrong = labels.first(where: { !(0..<classes).contains($0) }) {
      throw DatasetError(name, found: "class \(wrong)", expected: "0 ..< \(classes)")
    }
  }

  package var count: Int { labels.count }
  /// Bytes of one image.
  package var imageSize: Int { channels * height * width }

  /// Where the bytes of an image lie.
  package func range(of image: Int) -> Range<Int> { image * imageSize..<(image + 1) * imageSize }

  /// The first images.
  package func prefix(_ count: Int) throws(DatasetError) -> LabelledImages {
    try subset(0..<min(count, self.count))
  }

  /// The images of a range.
  package func subset(_ range: Range<Int>) throws(DatasetError) -> LabelledImages {
    guard range.lowerBound >= 0, range.upperBound <= count else {
      throw DatasetError(name, found: "images \(range)", expected: "a range in 0 ..< \(count)")
    }
    return try LabelledImages(
      name: name, channels: channels, height: height, width: width, classes: classes,
      pixels: Array(pixels[range.lowerBound * imageSize..<range.upperBound * imageSize]),
      labels: Array(labels[range]))
  }

  /// The mean and the standard deviation of each channel, with pixels from 0 to 1.
  package var statistics: Normalization {
    var means: [Double] = []
    var deviations: [Double] = []
    let area = height * width
    for channel in 0..<channels {
      var (sum, squares) = (0, 0)
      for image in 0..<count {
        let start = image * imageSize + channel * area
        for pixel in pixels[start..<start + area] {
          sum += Int(pixel)
          squares += Int(pixel) * Int(pixel)
        }
      }
      let number = Double(max(1, count * area)) * 255
      let mean = Double(sum) / number
      means.append(mean)
      deviations.append((Double(squares) / (number * 255) - mean * mean).squareRoot())
    }
    return Normalization(means: means, deviations: deviations)
  }
}
