import Measures

/// Series of image operations, drawn for each image.
enum AugmentationPolicy {
  /// A kind of operation, its strength still open.
  enum Kind: CaseIterable {
    case identity, shearX, shearY, translateX, translateY, rotate, brightness, color, contrast, sharpness
    case posterize, solarize, autoContrast, equalize, invert
  }

  /// `count` operations of RandAugment's fourteen, each with strength `magnitude` of 0 … 30.
  ///
  /// Source: Cubuk et al. 2020, arXiv:1909.13719, with torchvision's ranges.
  static func randAugment(
    _ image: PlanarImage, count: Int, magnitude: Int, _ random: inout RandomStream
  ) -> PlanarImage {
    var image = image
    let kinds = Kind.allCases.filter { $0 != .invert }
    for _ in 0..<count {
      let kind = kinds[random.below(kinds.count)]
      let isNegative = random.below(2) == 1
      image = operation(kind, level: Double(magnitude) / 30, isNegative, image).applied(to: image)
    }
    return image
  }

  /// One of the 25 pairs of operations learned on CIFAR-10.
  ///
  /// Source: Cubuk et al. 2019, arXiv:1805.09501, table 7, with torchvision's ranges.
  static func autoAugment(_ image: PlanarImage, _ random: inout RandomStream) -> PlanarImage {
    var image = image
    let pair = learned[random.below(learned.count)]
    for step in [pair.0, pair.1] {
      // Both draws are made whether they are needed or not.
      let (isApplied, isNegative) = (random.uniform() < step.chance, random.below(2) == 1)
      guard isApplied else { continue }
      image = operation(step.kind, level: Double(step.magnitude) / 9, isNegative, image).applied(to: image)
    }
    return image
  }

  /// The operation of a kind at a level from 0 to 1.
  static func operation(
    _ kind: Kind, level: Double, _ isNegative: Bool, _ image: PlanarImage
  ) -> ImageOperation {
    let sign: Double = isNegative ? -1 : 1
    // A range of 150 pixels was learned on images of 331.
    func pixels(_ extent: Int) -> Int { Int(sign * level * 150 / 331 * Double(extent)) }
    return switch kind {
    case .identity: .identity
    case .shearX: .shearX(sign * level * 0.3)
    case .shearY: .shearY(sign * level * 0.3)
    case .translateX: .translate(x: pixels(image.width), y: 0)
    case .translateY: .translate(x: 0, y: pixels(image.height))
    case .rotate: .rotate(sign * level * 30)
    case .brightness: .brightness(1 + sign * level * 0.9)
    case .color: .color(1 + sign * level * 0.9)
    case .contrast: .contrast(1 + sign * level * 0.9)
    case .sharpness: .sharpness(1 + sign * level * 0.9)
    case .posterize: .posterize(bits: 8 - Int((level * 4).rounded(.toNearestOrEven)))
    case .solarize: .solarize(threshold: 255 * (1 - level))
    case .autoContrast: .autoContrast
    case .equalize: .equalize
    case .invert: .invert
    }
  }

  /// An operation of a learned pair: its chance and its strength of 0 … 9.
  struct Step {
    var kind: Kind
    var chance: Double
    var magnitude: Int

    init(_ kind: Kind, _ chance: Double, _ magnitude: Int = 0) {
      self.kind = kind
      self.chance = chance
      self.magnitude = magnitude
    }
  }

  static let learned: [(Step, Step)] = [
    (Step(.invert, 0.1), Step(.contrast, 0.2, 6)),
    (Step(.rotate, 0.7, 2), Step(.translateX, 0.3, 9)),
    (Step(.sharpness, 0.8, 1), Step(.sharpness, 0.9, 3)),
    (Step(.shearY, 0.5, 8), Step(.translateY, 0.7, 9)),
    (Step(.autoContrast, 0.5), Step(.equalize, 0.9)),
    (Step(.shearY, 0.2, 7), Step(.posterize, 0.3, 7)),
    (Step(.color, 0.4, 3), Step(.brightness, 0.6, 7)),
    (Step(.sharpness, 0.3, 9), Step(.brightness, 0.7, 9)),
    (Step(.equalize, 0.6), Step(.equalize, 0.5)),
    (Step(.contrast, 0.6, 7), Step(.sharpness, 0.6, 5)),
    (Step(.color, 0.7, 7), Step(.translateX, 0.5, 8)),
    (Step(.equalize, 0.3), Step(.autoContrast, 0.4)),
    (Step(.translateY, 0.4, 3), Step(.sharpness, 0.2, 6)),
    (Step(.brightness, 0.9, 6), Step(.color, 0.2, 8)),
    (Step(.solarize, 0.5, 2), Step(.invert, 0)),
    (Step(.equalize, 0.2), Step(.autoContrast, 0.6)),
    (Step(.equalize, 0.2), Step(.equalize, 0.6)),
    (Step(.color, 0.9, 9), Step(.equalize, 0.6)),
    (Step(.autoContrast, 0.8), Step(.solarize, 0.2, 8)),
    (Step(.brightness, 0.1, 3), Step(.color, 0.7, 0)),
    (Step(.solarize, 0.4, 5), Step(.autoContrast, 0.9)),
    (Step(.translateY, 0.9, 9), Step(.translateY, 0.7, 9)),
    (Step(.autoContrast, 0.9), Step(.solarize, 0.8, 3)),
    (Step(.equalize, 0.8), Step(.invert, 0.1)),
    (Step(.translateY, 0.7, 9), Step(.autoContrast, 0.9)),
  ]
}
