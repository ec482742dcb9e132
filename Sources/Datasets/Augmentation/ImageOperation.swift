import Glibc

/// A change of an image with a strength, as learned and random policies use them.
///
/// The definitions are those of torchvision on images of Pillow, byte for byte; where one moves pixels, the nearest pixel is
/// taken and what comes in from outside is 0. Images have one channel or three.
package enum ImageOperation: Hashable, Sendable {
  case identity
  /// Rows moved by a multiple of their distance from the top.
  case shearX(Double)
  /// Columns moved by a multiple of their distance from the left.
  case shearY(Double)
  /// Moved to the right and down by whole pixels.
  case translate(x: Int, y: Int)
  /// Degrees, counter-clockwise around the centre.
  case rotate(Double)
  /// Towards black (0) or away from it (above 1); 1 changes nothing, here and below.
  case brightness(Double)
  /// Towards grey.
  case color(Double)
  /// Towards the mean grey.
  case contrast(Double)
  /// Towards the smoothed image.
  case sharpness(Double)
  /// Only the highest bits of each byte are kept.
  case posterize(bits: Int)
  /// Bytes from a threshold on are inverted.
  case solarize(threshold: Double)
  /// Bytes of each channel stretched to 0 … 255.
  case autoContrast
  /// Bytes of each channel made equally frequent.
  case equalize
  case invert

  /// The changed image.
  package func applied(to image: PlanarImage) -> PlanarImage {
    switch self {
    case .identity: image
    case .shearX(let level): image.transformed(1, level, 0, 0, 1, 0)
    case .shearY(let level): image.transformed(1, 0, 0, level, 1, 0)
    case .translate(let x, let y): image.shifted(rows: -y, columns: -x)
    case .rotate(let degrees): image.rotated(degrees)
    case .brightness(let factor): image.blended(from: { _, _ in 0 }, factor)
    case .color(let factor):
      image.channels == 1
        ? image : image.blended(from: { [grey = image.grey] pixel, _ in Int(grey[pixel]) }, factor)
    case .contrast(let factor): image.blended(from: { [mean = image.meanGrey] _, _ in mean }, factor)
    case .sharpness(let factor):
      image.blended(
        from: { [smooth = image.smoothed, area = image.area] pixel, channel in
          Int(smooth.pixels[channel * area + pixel])
        }, factor)
    case .posterize(let bits): image.mapped { _ in { $0 & ~UInt8((1 << (8 - bits)) - 1) } }
    case .solarize(let threshold): image.mapped { _ in { Double($0) < threshold ? $0 : 255 - $0 } }
    case .autoContrast: image.mapped(Self.stretching)
    case .equalize: image.mapped(Self.equalizing)
    case .invert: image.mapped { _ in { 255 - $0 } }
    }
  }

  private static func stretching(_ channel: ArraySlice<UInt8>) -> (UInt8) -> UInt8 {
    guard let low = channel.min(), let high = channel.max(), high > low else { return { $0 } }
    let scale = 255 / Double(high - low)
    let offset = -Double(low) * scale
    return { UInt8(clamping: Int(Double($0) * scale + offset)) }
  }

  private static func equalizing(_ channel: ArraySlice<UInt8>) -> (UInt8) -> UInt8 {
    var counts = Array(repeating: 0, count: 256)
    for byte in channel { counts[Int(byte)] += 1 }
    let present = counts.filter { $0 > 0 }
    let step = (present.reduce(0, +) - (present.last ?? 0)) / 255
    guard present.count > 1, step > 0 else { return { $0 } }
    var sum = step / 2
    let table = counts.map { count in
      defer { sum += count }
      return UInt8(clamping: sum / step)
    }
    return { table[Int($0)] }
  }
}

extension PlanarImage {
  fileprivate var area: Int { height * width }

  /// Each channel through a function that is made from it.
  fileprivate func mapped(_ function: (ArraySlice<UInt8>) -> (UInt8) -> UInt8) -> PlanarImage {
    var image = self
    for channel in 0..<channels {
      let range = channel * area..<(channel + 1) * area
      let map = function(pixels[range])
      for index in range { image.pixels[index] = map(pixels[index]) }
    }
    return image
  }

  /// For each pixel the nearest one at `[a b c; d e f]` times its centre.
  fileprivate func transformed(
    _ a: Double, _ b: Double, _ c: Double, _ d: Double, _ e: Double, _ f: Double
  ) -> PlanarImage {
    var image = PlanarImage(
      channels: channels, height: height, width: width, pixels: Array(repeating: 0, count: pixels.count))
    for row in 0..<height {
      for column in 0..<width {
        let (x, y) = (Double(column) + 0.5, Double(row) + 0.5)
        let (sourceX, sourceY) = ((a * x + b * y + c).rounded(.down), (d * x + e * y + f).rounded(.down))
        guard sourceX >= 0, sourceY >= 0, sourceX < Double(width), sourceY < Double(height) else { continue }
        for channel in 0..<channels {
          image[channel, row, column] = self[channel, Int(sourceY), Int(sourceX)]
        }
      }
    }
    return image
  }

  fileprivate func rotated(_ degrees: Double) -> PlanarImage {
    let angle = -degrees * .pi / 180
    let (cosine, sine) = (cos(angle), sin(angle))
    let (x, y) = (Double(width) / 2, Double(height) / 2)
    return transformed(
      cosine, sine, x - cosine * x - sine * y, -sine, cosine, y + sine * x - cosine * y)
  }

  /// Each byte moved from another one of its pixel and channel: other + factor · (byte − other), cut to a byte.
  fileprivate func blended(from other: (_ pixel: Int, _ channel: Int) -> Int, _ factor: Double) -> PlanarImage
  {
    var image = self
    let factor = Float(factor)
    for channel in 0..<channels {
      for pixel in 0..<area {
        let index = channel * area + pixel
        let start = other(pixel, channel)
        let value = Float(start) + factor * Float(Int(pixels[index]) - start)
        image.pixels[index] = value <= 0 ? 0 : value >= 255 ? 255 : UInt8(value)
      }
    }
    return image
  }

  /// Luma of each pixel by ITU-R 601-2, in sixteenths of a bit as Pillow rounds it.
  fileprivate var grey: [UInt8] {
    guard channels == 3 else { return Array(pixels.prefix(area)) }
    return (0..<area).map { pixel in
      let (red, green, blue) = (Int(pixels[pixel]), Int(pixels[area + pixel]), Int(pixels[2 * area + pixel]))
      return UInt8((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16)
    }
  }

  fileprivate var meanGrey: Int {
    let grey = grey
    return Int(Double(grey.reduce(0) { $0 + Int($1) }) / Double(grey.count) + 0.5)
  }

  /// Means of 3 × 3 pixels, the middle five-fold; pixels of the border stay.
  fileprivate var smoothed: PlanarImage {
    var image = self
    guard height > 2, width > 2 else { return image }
    for channel in 0..<channels {
      for row in 1..<height - 1 {
        for column in 1..<width - 1 {
          var sum = 4 * Int(self[channel, row, column])
          for near in row - 1...row + 1 {
            for beside in column - 1...column + 1 { sum += Int(self[channel, near, beside]) }
          }
          image[channel, row, column] = UInt8((2 * sum + 13) / 26)
        }
      }
    }
    return image
  }
}
