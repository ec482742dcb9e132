import Datasets
import Measures
import Testing

/// Random changes of images.
struct Augmentations {
  static let image = PlanarImage(channels: 2, height: 3, width: 4, pixels: (1...24).map { UInt8($0) })

  @Test func `a shift moves whole pixels and brings in zeros`() {
    let moved = Self.image.shifted(rows: 1, columns: -2)
    #expect(moved.pixels.prefix(12) == [0, 0, 5, 6, 0, 0, 9, 10, 0, 0, 0, 0])
    #expect(Self.image.shifted(rows: 5, columns: 0).pixels.allSatisfy { $0 == 0 })
    #expect(Self.image.mirrored.pixels.prefix(8) == [4, 3, 2, 1, 8, 7, 6, 5])
    #expect(Self.image.mirrored.mirrored == Self.image)
  }

  @Test func `crops reach every place of the padded image and flips come every second time`() {
    var random = RandomStream(seed: 1)
    var seen: Set<[UInt8]> = []
    for _ in 0..<400 {
      var image = Self.image
      ImageAugmentation.crop(padding: 1).apply(to: &image, &random)
      seen.insert(image.pixels)
    }
    #expect(seen.count == 9)
    var flips = 0
    for _ in 0..<1000 {
      var image = Self.image
      ImageAugmentation.flip.apply(to: &image, &random)
      flips += image == Self.image ? 0 : 1
    }
    #expect((440...560).contains(flips))
  }

  @Test func `a cutout sets one square of all channels to the mean`() {
    var random = RandomStream(seed: 2)
    var sizes: Set<Int> = []
    for _ in 0..<200 {
      var pixels = ArraySlice(Array(repeating: Float(1), count: 2 * 6 * 6))
      ImageAugmentation.cutout(side: 4).apply(toNormalized: &pixels, height: 6, width: 6, &random)
      #expect(Array(pixels.prefix(36)) == Array(pixels.suffix(36)))
      sizes.insert(pixels.prefix(36).count { $0 == 0 })
    }
    // Sides of 2, 3 and 4 pixels, as far as the square lies inside.
    #expect(sizes == [4, 6, 8, 9, 12, 16])
  }

  @Test func `batches depend on seed, epoch and place alone`() throws {
    let images = try ProceduralImages().images(40)
    func batches(_ seed: UInt64) throws -> Batches {
      try Batches(
        images, batchSize: 10, seed: seed, augmentations: [.crop(padding: 2), .flip, .cutout(side: 4)])
    }
    let order = try batches(1).order(epoch: 3)
    let first = try batches(1).augmentedBatch(order[2], epoch: 3, position: 2).pixels
    #expect(try batches(1).augmentedBatch(order[2], epoch: 3, position: 2).pixels == first)
    #expect(try batches(1).augmentedBatch(order[2], epoch: 4, position: 2).pixels != first)
    #expect(try batches(2).augmentedBatch(order[2], epoch: 3, position: 2).pixels != first)
    #expect(try batches(1).augmentedBatch(order[2], epoch: 3, position: 1).pixels != first)
    let plain = try Batches(images, batchSize: 10, seed: 1)
    #expect(plain.augmentedBatch(order[2], epoch: 3, position: 2).pixels == plain.batch(order[2]).pixels)
  }

  @Test func `a list of changes reads back as it was written`() {
    let list: [ImageAugmentation] = [
      .crop(padding: 4), .flip, .cutout(side: 8), .randAugment(count: 2, magnitude: 9), .autoAugment,
    ]
    #expect(ImageAugmentation.list(list.map(\.description).joined(separator: ", ")) == list)
    #expect(ImageAugmentation.list("none") == [])
    for wrong in [
      "", "crop", "crop:0", "crop:-1", "flip:1", "randaugment", "randaugment:2:31", "autoaugment:1",
      "cutout:x", "turn", "flip,,x",
    ] {
      #expect(ImageAugmentation.list(wrong) == nil, "\(wrong)")
    }
  }
}
