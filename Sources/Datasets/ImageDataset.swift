import Formats

/// A dataset: images to train on, and others to test with.
package struct ImageDataset: Hashable, Sendable {
  package var name: String
  package var training: LabelledImages
  package var test: LabelledImages

  /// - Throws: ``DatasetError`` where the two parts do not fit each other.
  package init(name: String, training: LabelledImages, test: LabelledImages) throws(DatasetError) {
    func shape(_ images: LabelledImages) -> [Int] { [images.channels, images.height, images.width] }
    guard shape(training) == shape(test), training.classes == test.classes else {
      throw DatasetError(
        name,
        found: "training images \(shape(training)) of \(training.classes) classes and test images "
          + "\(shape(test)) of \(test.classes)", expected: "equal extents and classes")
    }
    guard training.count > 0, test.count > 0 else {
      throw DatasetError(
        name, found: "\(training.count) training and \(test.count) test images",
        expected: "at least 1 of each")
    }
    self.name = name
    self.training = training
    self.test = test
  }

  package var classes: Int { training.classes }
  /// `[channels, height, width]` of one image.
  package var imageShape: [Int] { [training.channels, training.height, training.width] }

  /// The first images only, for short runs.
  package func limited(training: Int?, test: Int?) throws(DatasetError) -> ImageDataset {
    try ImageDataset(
      name: name, training: self.training.prefix(training ?? .max), test: self.test.prefix(test ?? .max))
  }

  /// A digest of all pixels and labels: whether two datasets are the same.
  package var sha256: String {
    Formats.sha256(
      of: [training, test].flatMap { Array(Formats.sha256(of: $0.pixels + $0.labelBytes).utf8) })
  }

  /// The embedded dataset, which needs no file: ``ProceduralImages``.
  package static func stripes() throws(DatasetError) -> ImageDataset {
    let images = try ProceduralImages().images(2560)
    return try ImageDataset(
      name: "stripes", training: images.subset(0..<2048), test: images.subset(2048..<2560))
  }
}

extension LabelledImages {
  /// Four bytes for each label, little endian.
  fileprivate var labelBytes: [UInt8] {
    labels.flatMap { label in (0..<4).map { UInt8(truncatingIfNeeded: label >> ($0 * 8)) } }
  }
}
