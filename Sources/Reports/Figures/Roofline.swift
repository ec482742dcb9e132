import Formats
import Measures
import Simulator

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The layers against what the machine could do at best: multiply-accumulates per byte of main-memory traffic and per
/// second (Williams, Waterman, Patterson: Roofline, CACM 52(4), 2009, doi:10.1145/1498765.1498785).
struct Roofline: Figure {
  /// A layer as a point.
  struct Mark: Hashable, Sendable {
    var name: String
    /// Multiply-accumulates per byte from or to main memory; infinite for a layer that stays on chip.
    var intensity: Double
    /// Multiply-accumulates per second.
    var rate: Double
    /// Share of the run, 0 … 1.
    var share: Double
    var cause: CycleCause
  }

  var marks: [Mark]
  /// Multiply-accumulates per second that the array can do.
  var peakRate: Double
  /// Bytes per second that main memory can move.
  var peakBandwidth: BytesPerSecond

  func drawing(width: Double) -> SVGDrawing {
    let isNarrow = width < FigureWidth.threshold
    let height = isNarrow ? 300.0 : 420.0
    var drawing = SVGDrawing(width: width, height: height, label: "Roofline: layers by intensity and rate")
    let ridge = peakRate / max(1, peakBandwidth.value)
    let finite = marks.map(\.intensity).filter(\.isFinite)
    let plot = PlotArea(
      left: isNarrow ? 46 : 96, top: 24, width: width - (isNarrow ? 58 : 116), height: height - 74,
      horizontal: Scale(logarithmicAround: finite + [ridge / 8, ridge * 4]),
      vertical: Scale(logarithmicAround: marks.map(\.rate) + [peakRate, peakRate / 20]))
    drawAxes(in: &drawing, plot, isNarrow: isNarrow)
    drawRoofs(in: &drawing, plot, ridge: ridge)
    drawMarks(in: &drawing, plot, labelled: isNarrow ? 3 : 6)
    return drawing
  }

  private func drawAxes(in drawing: inout SVGDrawing, _ plot: PlotArea, isNarrow: Bool) {
    plot.drawVerticalAxis(in: &drawing) { rateText($0, short: isNarrow) }
    plot.drawHorizontalAxis(in: &drawing) { shortest($0, digits: 3) }
    for tick in plot.horizontal.ticks() {
      drawing.line(from: .init(plot.x(tick), plot.top), to: .init(plot.x(tick), plot.bottom), class: "grid")
    }
    let middle = plot.left + plot.width / 2
    drawing.text(
      "MACs per byte of main-memory traffic", at: .init(middle, plot.bottom + 42), anchor: .middle,
      class: "axis-title")
    if isNarrow { drawing.text("MAC/s", at: .init(2, 12), class: "axis-title") }
  }

  private func drawRoofs(in drawing: inout SVGDrawing, _ plot: PlotArea, ridge: Double) {
    let slopeStart = max(plot.horizontal.lower, plot.vertical.lower / peakBandwidth.value)
    drawing.path(
      [
        plot.point(slopeStart, slopeStart * peakBandwidth.value), plot.point(ridge, peakRate),
        plot.point(plot.horizontal.upper, peakRate),
      ], class: "roof", title: "The best this machine can do")
    drawing.text(
      "array: \(rateText(peakRate, short: false))", at: .init(plot.right, plot.y(peakRate) - 7), anchor: .end,
      class: "value")
    let hasRoom = plot.width > 400 && plot.x((slopeStart * ridge).squareRoot()) - plot.left > 160
    let intensity = slopeStart * pow(ridge / slopeStart, hasRoom ? 0.5 : 0.1)
    let place = plot.point(intensity, intensity * peakBandwidth.value)
    drawing.text(
      "main memory: \(peakBandwidth)",
      at: .init(hasRoom ? place.x - 12 : place.x + 16, place.y + (hasRoom ? -2 : 12)),
      anchor: hasRoom ? .end : .start, class: "value halo")
  }

  private func drawMarks(in drawing: inout SVGDrawing, _ plot: PlotArea, labelled: Int) {
    let bySize = marks.enumerated().sorted {
      $0.element.share == $1.element.share ? $0.offset < $1.offset : $0.element.share > $1.element.share
    }.map(\.element)
    for mark in bySize {
      let intensity =
        mark.intensity.isFinite
        ? "\(shortest(mark.intensity, digits: 3)) MACs per byte" : "no main-memory traffic"
      drawing.circle(
        at: plot.point(mark.intensity, mark.rate), radius: radius(mark),
        class: "dot c-\(mark.cause.rawValue)",
        title: "\(mark.name)\n\(intensity), \(rateText(mark.rate, short: false))\n"
          + "\(percent(mark.share)) of the run, mostly \(mark.cause.phrase)")
    }
    var placer = LabelPlacer(left: plot.left, top: plot.top, right: plot.right, bottom: plot.bottom)
    for mark in bySize { placer.avoid(plot.point(mark.intensity, mark.rate), radius: min(4, radius(mark))) }
    let names = NameShortener(width: 24, ellipsis: "…").shortened(bySize.map(\.name))
    for (mark, text) in zip(bySize, names).prefix(labelled) {
      let center = plot.point(mark.intensity, mark.rate)
      if let place = placer.place(text, around: center, radius: radius(mark)) {
        drawing.text(text, at: place.point, anchor: place.anchor, class: "label halo")
      }
    }
  }

  /// The area of a mark grows with the layer's share of the run.
  private func radius(_ mark: Mark) -> Double { 3 + 22 * max(0, mark.share).squareRoot() * 0.6 }

  private func rateText(_ rate: Double, short: Bool) -> String {
    engineering(rate, unit: short ? "" : "MAC/s")
  }
}
