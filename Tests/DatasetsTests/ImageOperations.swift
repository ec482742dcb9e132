import Formats
import Measures
import Testing

@testable import Datasets

/// Image operations against torchvision 0.28 and Pillow 13 (scripts/golden/image_operations.py).
struct ImageOperations {
  /// The same formula as in the script.
  private func image(_ channels: Int, _ height: Int, _ width: Int) -> PlanarImage {
    let pixels = (0..<channels * height * width).map { (place: Int) -> UInt8 in
      let wave = (place * 37 + place * place * 11) % 256
      return UInt8(wave * 3 / 4 + 20)
    }
    return PlanarImage(channels: channels, height: height, width: width, pixels: pixels)
  }

  /// Checksums of a changed image of [3, 32, 28] and of one of [1, 28, 28].
  static let goldens: [(operation: ImageOperation, color: UInt32, grey: UInt32)] = [
    (.identity, 1899891190, 1173242986),
    (.shearX(0.3), 705019924, 1773729658),
    (.shearX(-0.17), 2457341231, 3950162753),
    (.shearY(0.23), 3926379939, 3912174012),
    (.shearY(-0.3), 1710963447, 2958970541),
    (.translate(x: 3, y: 0), 1573287935, 3947195798),
    (.translate(x: -2, y: 0), 792823616, 1122072993),
    (.translate(x: 0, y: 4), 432985652, 721272327),
    (.translate(x: 0, y: -5), 1992852280, 4256498469),
    (.rotate(17), 1365067948, 203631058),
    (.rotate(-30), 2839789694, 355357879),
    (.brightness(1 + 0.6), 851007834, 929517762),
    (.brightness(1 - 0.45), 1617027638, 640391598),
    (.color(1 + 0.9), 2990063604, 1173242986),
    (.color(1 - 0.3), 3318608681, 1173242986),
    (.contrast(1 + 0.7), 3203640446, 3136801612),
    (.contrast(1 - 0.9), 1388430739, 685657248),
    (.sharpness(1 + 0.8), 384728555, 2969245494),
    (.sharpness(1 - 0.5), 4031328817, 3548122145),
    (.posterize(bits: 5), 2753010320, 3175060232),
    (.solarize(threshold: 127.5), 160331459, 4223989420),
    (.autoContrast, 3340631379, 1835492157),
    (.equalize, 2340631537, 1799754171),
    (.invert, 153006639, 3731328785),
  ]

  @Test(arguments: goldens)
  func `operations change images as Pillow does`(_ operation: ImageOperation, _ color: UInt32, _ grey: UInt32)
  {
    #expect(CRC32.checksum(operation.applied(to: image(3, 32, 28)).pixels) == color)
    #expect(CRC32.checksum(operation.applied(to: image(1, 28, 28)).pixels) == grey)
  }

  @Test func `images of one value have nothing to stretch or to equalize`() {
    let flat = PlanarImage(channels: 1, height: 2, width: 2, pixels: [7, 7, 7, 7])
    for operation in [ImageOperation.autoContrast, .equalize, .sharpness(2), .contrast(0.5)] {
      #expect(operation.applied(to: flat) == flat)
    }
  }

  /// The ends of torchvision's ranges on an image of 32 × 32.
  @Test func `levels reach the ends of the published ranges`() {
    let image = image(3, 32, 32)
    func last(_ kind: AugmentationPolicy.Kind, _ isNegative: Bool = false) -> ImageOperation {
      AugmentationPolicy.operation(kind, level: 1, isNegative, image)
    }
    #expect(last(.shearX) == .shearX(0.3))
    #expect(last(.translateX, true) == .translate(x: -14, y: 0))
    #expect(last(.rotate) == .rotate(30))
    #expect(last(.brightness, true) == .brightness(1 - 0.9))
    #expect(last(.posterize) == .posterize(bits: 4))
    #expect(last(.solarize) == .solarize(threshold: 0))
    #expect(AugmentationPolicy.operation(.posterize, level: 0, false, image) == .posterize(bits: 8))
    #expect(AugmentationPolicy.operation(.solarize, level: 0, false, image) == .solarize(threshold: 255))
    #expect(AugmentationPolicy.learned.count == 25)
  }

  @Test func `policies draw all that they may`() {
    var random = RandomStream(seed: 1)
    let image = image(3, 32, 32)
    let found = Set((0..<300).map { _ in AugmentationPolicy.autoAugment(image, &random).pixels })
    #expect(found.count > 30)
    let weak = Set(
      (0..<100).map { _ in AugmentationPolicy.randAugment(image, count: 1, magnitude: 0, &random).pixels })
    // Without strength only the operations that have none still change the image.
    #expect(weak.count <= 4)
  }
}
