import Formats

extension ImageDataset {
  /// Reads an archive of numpy arrays with the names of Keras: `x_train`, `y_train`, `x_test`, `y_test`.
  ///
  /// Images are bytes of extents `[count, height, width]`, `[count, height, width, channels]` or
  /// `[count, channels, height, width]`, where channels are 1 or 3. There are as many classes as the largest label says.
  /// - Throws: ``DatasetError`` for other arrays, `FormatError` for a broken archive.
  package init(npz bytes: [UInt8], name: String) throws {
    let archive = try ZipArchive(bytes, source: name)
    let labels = try ["y_train", "y_test"].map { try Self.labels($0, in: archive, name: name) }
    let classes = (labels.joined().max() ?? 0) + 1
    func images(_ array: String, _ labels: [Int]) throws -> LabelledImages {
      try Self.images(array, labels: labels, classes: classes, in: archive, name: name)
    }
    try self.init(name: name, training: images("x_train", labels[0]), test: images("x_test", labels[1]))
  }

  private static func array(_ array: String, in archive: ZipArchive, name: String) throws(FormatError)
    -> NPYArray
  {
    try NPYArray(archive.contents(of: "\(array).npy"), source: "\(name): \(array)")
  }

  private static func labels(_ array: String, in archive: ZipArchive, name: String) throws -> [Int] {
    let found = try self.array(array, in: archive, name: name)
    guard case .integers(let labels) = found.elements, found.shape.reduce(1, *) == found.shape.first ?? 0
    else {
      throw DatasetError(
        "\(name): \(array)", found: "an array of extents \(found.shape)",
        expected: "one whole number for each image")
    }
    if let wrong = labels.first(where: { $0 < 0 }) {
      throw DatasetError("\(name): \(array)", found: "class \(wrong)", expected: "numbers from 0")
    }
    return labels
  }

  private static func images(
    _ array: String, labels: [Int], classes: Int, in archive: ZipArchive, name: String
  ) throws -> LabelledImages {
    let found = try self.array(array, in: archive, name: name)
    let place = "\(name): \(array)"
    guard case .integers(let values) = found.elements, values.allSatisfy({ (0...255).contains($0) }) else {
      throw DatasetError(place, found: "other elements than bytes", expected: "pixels from 0 to 255")
    }
    let shape = found.shape
    let isChannelsLast = shape.count == 4 && [1, 3].contains(shape[3])
    guard shape.count == 3 || isChannelsLast || (shape.count == 4 && [1, 3].contains(shape[1])) else {
      throw DatasetError(
        place, found: "an array of extents \(shape)",
        expected:
          "[count, height, width], [count, height, width, channels] or [count, channels, height, width]")
    }
    let channels = shape.count == 3 ? 1 : isChannelsLast ? shape[3] : shape[1]
    let (height, width) = shape.count == 3 || isChannelsLast ? (shape[1], shape[2]) : (shape[2], shape[3])
    var pixels = values.map { UInt8($0) }
    if isChannelsLast, channels > 1 {
      let area = height * width
      let interleaved = pixels
      for image in 0..<shape[0] {
        for pixel in 0..<area {
          for channel in 0..<channels {
            pixels[(image * channels + channel) * area + pixel] =
              interleaved[(image * area + pixel) * channels + channel]
          }
        }
      }
    }
    return try LabelledImages(
      name: place, channels: channels, height: height, width: width, classes: classes, pixels: pixels,
      labels: labels)
  }
}
