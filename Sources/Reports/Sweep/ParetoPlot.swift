import Formats
import Measures

/// Points by latency and energy, with the front of those that nothing beats in both.
struct ParetoPlot: Figure {
  struct Mark: Hashable, Sendable {
    var label: String
    var latency: Seconds
    var energy: Joules
    var isOnFront: Bool
  }

  var network: String
  var marks: [Mark]

  func drawing(width: Double) -> SVGDrawing {
    let isNarrow = width < FigureWidth.threshold
    let height = isNarrow ? 300.0 : 420.0
    var drawing = SVGDrawing(width: width, height: height, label: "\(network): energy against latency")
    let plot = PlotArea(
      left: isNarrow ? 62 : 96, top: 20, width: width - (isNarrow ? 76 : 116), height: height - 70,
      horizontal: Scale(logarithmicAround: marks.map(\.latency.value)),
      vertical: Scale(logarithmicAround: marks.map(\.energy.value)))
    plot.drawVerticalAxis(in: &drawing) { "\(Joules($0))" }
    plot.drawHorizontalAxis(in: &drawing) { "\(Seconds($0))" }
    drawing.text(
      "latency of one run", at: .init(plot.left + plot.width / 2, plot.bottom + 42), anchor: .middle,
      class: "axis-title")
    drawing.text("energy of one run", at: .init(plot.left, 12), class: "axis-title")
    drawFront(in: &drawing, plot)
    drawMarks(in: &drawing, plot, labelled: isNarrow ? 4 : 12)
    return drawing
  }

  /// Equal points share one corner of the line.
  private var front: [Mark] {
    marks.filter(\.isOnFront).sorted { ($0.latency, $1.energy) < ($1.latency, $0.energy) }
  }

  /// A staircase: between two members nothing better is known than the slower one's energy.
  private func drawFront(in drawing: inout SVGDrawing, _ plot: PlotArea) {
    var corners: [SVGDrawing.Point] = []
    for mark in front {
      let point = plot.point(mark.latency.value, mark.energy.value)
      if let last = corners.last { corners.append(.init(point.x, last.y)) }
      corners.append(point)
    }
    drawing.path(corners, class: "roof", title: "The front: nothing is both faster and leaner")
  }

  private func drawMarks(in drawing: inout SVGDrawing, _ plot: PlotArea, labelled: Int) {
    var placer = LabelPlacer(left: plot.left, top: plot.top, right: plot.right, bottom: plot.bottom)
    for mark in marks {
      let point = plot.point(mark.latency.value, mark.energy.value)
      drawing.circle(
        at: point, radius: mark.isOnFront ? 5.5 : 4, class: mark.isOnFront ? "dot c-compute" : "dot c-issue",
        title: "\(mark.label)\n\(mark.latency), \(mark.energy)")
      placer.avoid(point, radius: 5)
    }
    for mark in front.prefix(labelled) {
      let text = shortened(mark.label, to: 28)
      let center = plot.point(mark.latency.value, mark.energy.value)
      if let place = placer.place(text, around: center, radius: 5) {
        drawing.text(text, at: place.point, anchor: place.anchor, class: "label halo")
      }
    }
  }
}
