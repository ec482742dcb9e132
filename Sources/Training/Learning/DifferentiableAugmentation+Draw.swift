import Glibc
package import Measures

extension DifferentiableAugmentation {
  /// What is written to the inputs for one batch.
  package struct Draw: Hashable, Sendable {
    /// `[tap][batch · height · width]`.
    package var sources: [[Int]]
    package var weights: [[Float]]
    /// Brightness, saturation and contrast of each image.
    package var colors: [[Float]]
  }

  /// The draw that changes nothing.
  package var identity: Draw {
    let own = (0..<batch).flatMap { _ in Array(0..<area) }
    let zeros = Array(repeating: Float(0), count: batch * area)
    return Draw(
      sources: Array(repeating: own, count: 4),
      weights: [zeros.map { _ in 1 }, zeros, zeros, zeros],
      colors: [0, 1, 1].map { Array(repeating: $0, count: batch) })
  }

  /// Draws a change of a kind; with `isShared` all images get that of the first (the Siamese form).
  package func draw(_ kind: Kind, isShared: Bool = false, _ random: inout RandomStream) -> Draw {
    var draw = identity
    var first: RandomStream?
    for image in 0..<batch {
      var stream = random
      if isShared, let first { stream = first } else { first = random }
      change(&draw, image, kind, &stream)
      if !isShared || image == 0 { random = stream }
    }
    return draw
  }

  private func change(_ draw: inout Draw, _ image: Int, _ kind: Kind, _ random: inout RandomStream) {
    func place(_ extent: Int, _ ratio: Double) -> Int { Int(ratio * Double(extent) + 0.5) }
    switch kind {
    case .color:
      draw.colors[0][image] = Float(random.uniform() - 0.5)
      draw.colors[1][image] = Float(2 * random.uniform())
      draw.colors[2][image] = Float(random.uniform() + 0.5)
    case .crop:
      let (rows, columns) = (place(height, 0.125), place(width, 0.125))
      let down = random.below(2 * rows + 1) - rows
      let right = random.below(2 * columns + 1) - columns
      move(&draw, image) { row, column in (Double(row + down), Double(column + right)) }
    case .cutout:
      let (rows, columns) = (place(height, 0.5), place(width, 0.5))
      let top = random.below(height + (1 - rows % 2)) - rows / 2
      let left = random.below(width + (1 - columns % 2)) - columns / 2
      for row in max(0, top)..<min(height, top + rows) {
        for column in max(0, left)..<min(width, left + columns) {
          draw.weights[0][image * area + row * width + column] = 0
        }
      }
    case .flip:
      guard random.uniform() < 0.5 else { return }
      move(&draw, image) { row, column in (Double(row), Double(width - 1 - column)) }
    case .scale:
      func factor() -> Double { 1 / 1.2 + random.uniform() * (1.2 - 1 / 1.2) }
      affine(&draw, image, [factor(), 0, 0, factor()])
    case .rotate:
      let angle = (random.uniform() - 0.5) * 2 * 15 * .pi / 180
      affine(&draw, image, [cos(angle), -sin(angle), sin(angle), cos(angle)])
    }
  }

  /// Each pixel from `[a b; c d]` times its place, where the image reaches from −1 to 1 on both axes.
  package func affine(_ draw: inout Draw, _ image: Int, _ matrix: [Double]) {
    move(&draw, image) { row, column in
      let x = (2 * Double(column) + 1) / Double(width) - 1
      let y = (2 * Double(row) + 1) / Double(height) - 1
      let (sourceX, sourceY) = (matrix[0] * x + matrix[1] * y, matrix[2] * x + matrix[3] * y)
      return (((sourceY + 1) * Double(height) - 1) / 2, ((sourceX + 1) * Double(width) - 1) / 2)
    }
  }

  /// Each pixel from a place between four others, bilinearly; outside is 0.
  private func move(
    _ draw: inout Draw, _ image: Int, from source: (_ row: Int, _ column: Int) -> (Double, Double)
  ) {
    for row in 0..<height {
      for column in 0..<width {
        let index = image * area + row * width + column
        let (y, x) = source(row, column)
        let (top, left) = (y.rounded(.down), x.rounded(.down))
        for tap in 0..<4 {
          let (nearRow, nearColumn) = (Int(top) + tap / 2, Int(left) + tap % 2)
          let isInside = (0..<height).contains(nearRow) && (0..<width).contains(nearColumn)
          let (shareY, shareX) = (
            tap / 2 == 0 ? 1 - (y - top) : y - top, tap % 2 == 0 ? 1 - (x - left) : x - left
          )
          draw.sources[tap][index] = isInside ? nearRow * width + nearColumn : 0
          draw.weights[tap][index] = isInside ? Float(shareY * shareX) : 0
        }
      }
    }
  }

  /// Writes a draw to the inputs of a plan in execution.
  package func write(_ draw: Draw, to inputs: Inputs, of execution: Execution) throws {
    try write(draw, to: inputs, integers: { try execution.write($0, toInput: $1) }) {
      try execution.write($0, toInput: $1)
    }
  }

  func write(
    _ draw: Draw, to inputs: Inputs, integers: ([Int], Int) throws -> Void,
    numbers: ([Float], Int) throws -> Void
  ) throws {
    for tap in 0..<4 {
      // All channels of an image move alike.
      let sources = (0..<batch).flatMap { image in
        (0..<channels).flatMap { _ in draw.sources[tap][image * area..<(image + 1) * area] }
      }
      try integers(sources, inputs.sources[tap])
      try numbers(draw.weights[tap], inputs.weights[tap])
    }
    for (color, input) in zip(draw.colors, inputs.colors) { try numbers(color, input) }
  }
}
