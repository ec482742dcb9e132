/// One image as bytes: `[channel, row, column]`.
package struct PlanarImage: Hashable, Sendable {
  package let channels: Int
  package let height: Int
  package let width: Int
  package var pixels: [UInt8]

  package init(channels: Int, height: Int, width: Int, pixels: [UInt8]) {
    precondition(
      pixels.count == channels * height * width, "an image has one byte for each channel of each pixel")
    self.channels = channels
    self.height = height
    self.width = width
    self.pixels = pixels
  }

  package subscript(channel: Int, row: Int, column: Int) -> UInt8 {
    get { pixels[(channel * height + row) * width + column] }
    set { pixels[(channel * height + row) * width + column] = newValue }
  }

  /// The image moved by whole pixels; what comes in from outside is 0.
  package func shifted(rows: Int, columns: Int) -> PlanarImage {
    var moved = PlanarImage(
      channels: channels, height: height, width: width, pixels: Array(repeating: 0, count: pixels.count))
    for channel in 0..<channels {
      for row in max(0, -rows)..<max(max(0, -rows), min(height, height - rows)) {
        for column in max(0, -columns)..<max(max(0, -columns), min(width, width - columns)) {
          moved[channel, row, column] = self[channel, row + rows, column + columns]
        }
      }
    }
    return moved
  }

  /// The image with left and right exchanged.
  package var mirrored: PlanarImage {
    var mirrored = self
    for line in 0..<channels * height {
      mirrored.pixels[line * width..<(line + 1) * width].reverse()
    }
    return mirrored
  }
}
