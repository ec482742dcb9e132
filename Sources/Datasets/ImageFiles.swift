import Formats

extension LabelledImages {
  /// Images and labels of two IDX files: MNIST, Fashion-MNIST.
  ///
  /// - Throws: `FormatError` for broken files, ``DatasetError`` for files that do not belong together.
  package init(
    idxImages images: [UInt8], labels: [UInt8], classes: Int = 10, name: String
  ) throws {
    let images = try IDXArray(images, source: "\(name): images")
    let labels = try IDXArray(labels, source: "\(name): labels")
    guard images.shape.count == 3, labels.shape.count == 1, images.shape[0] == labels.shape[0] else {
      throw DatasetError(
        name, found: "images \(images.shape) and labels \(labels.shape)",
        expected: "[count, height, width] and [count]")
    }
    try self.init(
      name: name, channels: 1, height: images.shape[1], width: images.shape[2], classes: classes,
      pixels: images.elements, labels: labels.elements.map { Int($0) })
  }

  /// Images of files in CIFAR's binary layout: for each image one byte (CIFAR-100: a coarse, then a fine one) for its
  /// class, then the planes of red, green and blue, 32 × 32 each.
  ///
  /// Source: Krizhevsky 2009, "Learning multiple layers of features from tiny images"; the dataset's page.
  /// - Throws: ``DatasetError`` for a file that is not a whole number of images, or a class that does not exist.
  package init(cifarBinary files: [[UInt8]], classes: Int = 10, name: String) throws(DatasetError) {
    let labelBytes = classes == 100 ? 2 : 1
    let record = labelBytes + 3072
    var pixels: [UInt8] = []
    var labels: [Int] = []
    for file in files {
      guard !file.isEmpty, file.count % record == 0 else {
        throw DatasetError(name, found: "a file of \(file.count) bytes", expected: "a multiple of \(record)")
      }
      for start in stride(from: 0, to: file.count, by: record) {
        labels.append(Int(file[start + labelBytes - 1]))
        pixels += file[start + labelBytes..<start + record]
      }
    }
    try self.init(
      name: name, channels: 3, height: 32, width: 32, classes: classes, pixels: pixels, labels: labels)
  }
}
