import Formats
import Measures

/// Networks by a cost and their quality, with the front of those that nothing beats in both.
struct TradeOffPlot: Figure {
  /// How a network stands among the others.
  enum Standing: Int, Hashable, Sendable {
    /// It exceeds a limit.
    case forbidden
    case beaten
    /// Nothing beats it in quality, latency and energy together.
    case front
    /// The one that the objective prefers.
    case best
  }

  struct Mark: Hashable, Sendable {
    var label: String
    var title: String
    var cost: Double
    var quality: Double
    var standing: Standing
  }

  /// What is drawn to the right: "latency of one image".
  var costTitle: String
  /// What is drawn upwards: "accuracy".
  var qualityTitle: String
  var marks: [Mark]
  var costText: @Sendable (Double) -> String
  var qualityText: @Sendable (Double) -> String

  func drawing(width: Double) -> SVGDrawing {
    let isNarrow = width < FigureWidth.threshold
    let height = isNarrow ? 280.0 : 340.0
    var drawing = SVGDrawing(width: width, height: height, label: "\(qualityTitle) against \(costTitle)")
    let plot = PlotArea(
      left: 64, top: 24, width: width - 80, height: height - 74,
      horizontal: Scale(linearAround: marks.map(\.cost)),
      vertical: Scale(linearAround: Self.shownQualities(of: marks)))
    plot.drawVerticalAxis(in: &drawing) { qualityText($0) }
    plot.drawHorizontalAxis(in: &drawing, count: isNarrow ? 3 : 6) { costText($0) }
    drawing.text(
      costTitle, at: .init(plot.left + plot.width / 2, plot.bottom + 42), anchor: .middle, class: "axis-title"
    )
    drawing.text(qualityTitle, at: .init(plot.left, 12), class: "axis-title")
    drawStaircase(in: &drawing, plot)
    drawMarks(in: &drawing, plot, labelled: isNarrow ? 3 : 8)
    return drawing
  }

  /// The qualities that the vertical axis is made for: all but those of a few networks that are far worse than the others.
  ///
  /// Such ones would press the others into a line; they are drawn at the lower edge.
  static func shownQualities(of marks: [Mark]) -> [Double] {
    let sorted = marks.map(\.quality).filter(\.isFinite).sorted()
    guard sorted.count >= 10, let most = sorted.last else { return sorted }
    let lower = sorted[sorted.count / 10]
    let front = marks.filter { $0.standing.rawValue >= Standing.front.rawValue }.map(\.quality).min() ?? lower
    let floor = min(lower, front) - (most - min(lower, front))
    return sorted.filter { $0 >= floor }
  }

  /// What no other allowed network beats in this cost and quality, cheapest first.
  private var staircase: [Mark] {
    var best = -Double.infinity
    return marks.filter { $0.standing != .forbidden }.sorted { ($0.cost, $1.quality) < ($1.cost, $0.quality) }
      .filter { mark in
        guard mark.quality > best else { return false }
        best = mark.quality
        return true
      }
  }

  /// The corners of the line below which networks are beaten, cheapest first.
  private func corners(_ plot: PlotArea) -> [SVGDrawing.Point] {
    var corners: [SVGDrawing.Point] = []
    for mark in staircase {
      let point = plot.point(mark.cost, mark.quality)
      if let last = corners.last { corners.append(.init(point.x, last.y)) }
      corners.append(point)
    }
    if let last = corners.last { corners.append(.init(plot.right, last.y)) }
    return corners
  }

  private func drawStaircase(in drawing: inout SVGDrawing, _ plot: PlotArea) {
    drawing.path(corners(plot), class: "roof", title: "Nothing is both cheaper and better")
  }

  private func drawMarks(in drawing: inout SVGDrawing, _ plot: PlotArea, labelled: Int) {
    var placer = LabelPlacer(left: plot.left, top: plot.top, right: plot.right, bottom: plot.bottom)
    for mark in marks.sorted(by: { $0.standing.rawValue < $1.standing.rawValue }) {
      let point = plot.point(mark.cost, mark.quality)
      let (radius, name) =
        switch mark.standing {
        case .forbidden: (3.0, "dot c-other-cores")
        case .beaten: (4.0, "dot c-issue")
        case .front: (5.5, "dot c-compute")
        case .best: (7.0, "dot c-memory-load")
        }
      drawing.circle(at: point, radius: radius, class: name, title: mark.title)
      placer.avoid(point, radius: radius)
    }
    // Labels keep off the line as well.
    let corners = corners(plot)
    for (start, end) in zip(corners, corners.dropFirst()) {
      let steps = max(1, Int(max(abs(end.x - start.x), abs(end.y - start.y)) / 6))
      for step in 0...steps {
        let share = Double(step) / Double(steps)
        placer.avoid(
          .init(start.x + (end.x - start.x) * share, start.y + (end.y - start.y) * share), radius: 1)
      }
    }
    let named =
      marks.filter { $0.standing == .best }
      + marks.filter { $0.standing == .front }.sorted { $0.quality > $1.quality }
    for mark in named.prefix(labelled) {
      let text = shortened(mark.label, to: 24)
      if let place = placer.place(text, around: plot.point(mark.cost, mark.quality), radius: 6) {
        drawing.text(text, at: place.point, anchor: place.anchor, class: "label halo")
      }
    }
  }
}
