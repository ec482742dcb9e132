import Formats
import Measures

/// Latency of a memory against the bandwidth that it serves, a line for each pattern of addresses.
struct LoadedLatency: Figure {
  struct Point: Hashable, Sendable {
    /// Share of the peak bandwidth.
    var share: Double
    var nanoseconds: Double
  }

  struct Line: Hashable, Sendable {
    var name: String
    var saturation: Double
    var points: [Point]
  }

  var title: String
  var peak: BytesPerSecond
  var lines: [Line]

  func drawing(width: Double) -> SVGDrawing {
    var drawing = SVGDrawing(width: width, height: 400, label: "\(title): latency by bandwidth")
    let plot = PlotArea(
      left: 64, top: 54, width: width - 88, height: 286, horizontal: Scale(exactlyTo: 100),
      vertical: Scale(logarithmicAround: lines.flatMap(\.points).map(\.nanoseconds)))
    drawing.text(title, at: .init(plot.left, 18), class: "strong")
    drawing.text("mean latency, ns", at: .init(plot.left - 52, 40), class: "axis-title")
    plot.drawVerticalAxis(in: &drawing) { shortest($0, digits: 3) }
    plot.drawHorizontalAxis(in: &drawing) { "\(shortest($0, digits: 3)) %" }
    drawing.text(
      "bandwidth served, share of \(peak)", at: .init(plot.left + plot.width / 2, plot.bottom + 42),
      anchor: .middle, class: "axis-title")
    for (index, line) in lines.enumerated() {
      let points = line.points.map { plot.point(100 * $0.share, $0.nanoseconds) }
      drawing.line(
        from: plot.point(100 * line.saturation, plot.vertical.lower),
        to: plot.point(100 * line.saturation, plot.vertical.upper), class: "limit")
      drawing.path(points, class: "curve l-\(index)")
      for point in points { drawing.circle(at: point, radius: 2.6, class: "m-\(index)") }
      if let place = points.dropLast(6).last {
        drawing.text(
          "\(line.name), saturates at \(percent(line.saturation))", at: .init(place.x - 10, place.y - 12),
          anchor: .end, class: "value halo")
      }
    }
    return drawing
  }

  /// Colours of the picture outside a page.
  static let style = """
    text { font: 12px system-ui, sans-serif; fill: #1d1d1f; }
    svg { background: #fff; }
    .strong { font-weight: 600; }
    .tick, .axis-title { fill: #5c5c61; }
    .grid { stroke: #e6e6ea; } .axis { stroke: #a8a8ad; }
    .curve { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
    .l-0 { stroke: #0b6bcb; } .m-0 { fill: #0b6bcb; }
    .l-1 { stroke: #c2410c; } .m-1 { fill: #c2410c; }
    .limit { stroke: #a8a8ad; stroke-dasharray: 4 4; }
    .halo { paint-order: stroke; stroke: #fff; stroke-width: 4px; stroke-linejoin: round; }
    """
}
