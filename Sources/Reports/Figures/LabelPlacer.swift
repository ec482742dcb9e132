import Formats

/// Finds room for labels beside their points, so that no label covers another one.
struct LabelPlacer {
  private struct Box {
    var left: Double
    var top: Double
    var right: Double
    var bottom: Double
    func overlaps(_ other: Box) -> Bool {
      left < other.right && other.left < right && top < other.bottom && other.top < bottom
    }
  }

  private let bounds: Box
  private var taken: [Box] = []

  init(left: Double, top: Double, right: Double, bottom: Double) {
    bounds = Box(left: left, top: top, right: right, bottom: bottom)
  }

  /// Keeps labels off a circle.
  mutating func avoid(_ center: SVGDrawing.Point, radius: Double) {
    taken.append(
      Box(
        left: center.x - radius, top: center.y - radius, right: center.x + radius, bottom: center.y + radius))
  }

  /// The first free place to the right, left, above or below the circle; nil if there is none.
  mutating func place(
    _ text: String, around center: SVGDrawing.Point, radius: Double
  ) -> (point: SVGDrawing.Point, anchor: SVGDrawing.Anchor)? {
    let width = Double(text.count) * 6.4
    let gap = radius + 5
    let candidates: [(SVGDrawing.Point, SVGDrawing.Anchor, Double)] = [
      (.init(center.x + gap, center.y + 4), .start, center.x + gap),
      (.init(center.x - gap, center.y + 4), .end, center.x - gap - width),
      (.init(center.x, center.y - gap), .middle, center.x - width / 2),
      (.init(center.x, center.y + gap + 9), .middle, center.x - width / 2),
    ]
    for (point, anchor, left) in candidates {
      let box = Box(left: left, top: point.y - 11, right: left + width, bottom: point.y + 3)
      let isInside =
        box.left >= bounds.left && box.right <= bounds.right && box.top >= bounds.top
        && box.bottom <= bounds.bottom
      if isInside, !taken.contains(where: { $0.overlaps(box) }) {
        taken.append(box)
        return (point, anchor)
      }
    }
    return nil
  }
}
