import Formats

/// A picture of a run; drawn once for wide pages and once for phones, so that its text is readable on both.
protocol Figure: Sendable {
  /// The picture at this width in pixels.
  func drawing(width: Double) -> SVGDrawing
}

/// The widths at which figures are drawn.
enum FigureWidth {
  static let wide = 1000.0
  static let narrow = 360.0
  /// Below this width a figure uses its layout for phones.
  static let threshold = 600.0
}

/// The part of a drawing in which data are shown, with its scales.
struct PlotArea: Hashable, Sendable {
  var left: Double
  var top: Double
  var width: Double
  var height: Double
  var horizontal: Scale
  var vertical: Scale

  var right: Double { left + width }
  var bottom: Double { top + height }

  func x(_ value: Double) -> Double { left + horizontal.fraction(value) * width }
  func y(_ value: Double) -> Double { bottom - vertical.fraction(value) * height }
  func point(_ x: Double, _ y: Double) -> SVGDrawing.Point { .init(self.x(x), self.y(y)) }

  /// Draws grid lines and numbers of the vertical axis, each number through `format`.
  func drawVerticalAxis(in drawing: inout SVGDrawing, count: Int = 4, format: (Double) -> String) {
    for tick in vertical.ticks(count) {
      let y = y(tick)
      drawing.line(from: .init(left, y), to: .init(right, y), class: "grid")
      drawing.text(format(tick), at: .init(left - 8, y + 4), anchor: .end, class: "tick")
    }
  }

  /// Draws ticks and numbers of the horizontal axis, each number through `format`.
  func drawHorizontalAxis(in drawing: inout SVGDrawing, count: Int = 5, format: (Double) -> String) {
    drawing.line(from: .init(left, bottom), to: .init(right, bottom), class: "axis")
    var free = left - 100
    for tick in horizontal.ticks(count) {
      let x = x(tick)
      drawing.line(from: .init(x, bottom), to: .init(x, bottom + 4), class: "axis")
      let isLast = x > right - 16
      guard x >= free else { continue }
      free = x + 44
      drawing.text(
        format(tick), at: .init(isLast ? right + 4 : x, bottom + 18), anchor: isLast ? .end : .middle,
        class: "tick")
    }
  }
}

/// A text of at most `length` characters that keeps its end, where layer names differ.
func shortened(_ text: String, to length: Int) -> String {
  text.count <= length ? text : "…" + text.suffix(max(1, length - 1))
}
