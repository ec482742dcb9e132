import Formats

/// Lines over the steps of a training.
struct Curves: Figure {
  /// One line; its points need not have the same places as those of another.
  struct Line: Sendable {
    var title: String
    /// The class that gives its colour: "l-training".
    var mark: String
    var points: [(x: Double, y: Double)]
    /// Whether few points are shown as such.
    var hasDots = true
  }

  /// What the figure shows, for readers who do not see it.
  var label: String
  var lines: [Line]
  /// The last step.
  var end: Double
  /// The top of the vertical axis; nil for the largest value.
  var top: Double?
  /// Numbers of the vertical axis as text.
  var format: @Sendable (Double) -> String

  func drawing(width: Double) -> SVGDrawing {
    let isNarrow = width < FigureWidth.threshold
    var drawing = SVGDrawing(width: width, height: isNarrow ? 190 : 240, label: label)
    let largest = lines.flatMap { $0.points.map(\.y) }.filter(\.isFinite).max() ?? 1
    let plot = PlotArea(
      left: 62, top: 10, width: width - 74, height: (isNarrow ? 190 : 240) - 40,
      horizontal: Scale(exactlyTo: end),
      vertical: top.map { Scale(exactlyTo: $0) } ?? Scale(linearTo: largest))
    plot.drawVerticalAxis(in: &drawing, format: format)
    for line in lines {
      let points = thinned(line.points, to: isNarrow ? 180 : 500)
      drawing.path(points.map { plot.point($0.x, $0.y) }, class: line.mark, title: line.title)
      if line.hasDots, points.count <= 40 {
        for point in points {
          drawing.circle(at: plot.point(point.x, point.y), radius: 2.5, class: "\(line.mark) d")
        }
      }
    }
    // Steps are whole: a short training has fewer ticks.
    plot.drawHorizontalAxis(in: &drawing, count: max(1, min(isNarrow ? 3 : 6, Int(end)))) { grouped(Int($0)) }
    return drawing
  }

  /// Means of neighbouring points, where there are more than can be told apart.
  private func thinned(_ points: [(x: Double, y: Double)], to count: Int) -> [(x: Double, y: Double)] {
    guard points.count > count else { return points }
    let size = (points.count + count - 1) / count
    return stride(from: 0, to: points.count, by: size).map { start in
      let part = points[start..<min(start + size, points.count)]
      return (
        part.reduce(0) { $0 + $1.x } / Double(part.count), part.reduce(0) { $0 + $1.y } / Double(part.count)
      )
    }
  }
}
