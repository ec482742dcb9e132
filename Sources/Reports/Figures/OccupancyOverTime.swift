import Formats
import Measures

/// Bytes in use of each on-chip memory over time: one strip for each, as high as the memory is large.
struct OccupancyOverTime: Figure {
  var series: [OccupancySeries]
  var cycles: Int
  var clock: Hertz

  func drawing(width: Double) -> SVGDrawing {
    let isNarrow = width < FigureWidth.threshold
    let stripHeight = isNarrow ? 86.0 : 104.0
    var drawing = SVGDrawing(
      width: width, height: Double(series.count) * stripHeight + 26, label: "On-chip memory in use over time")
    let end = Double(cycles) / clock.value
    for (index, memory) in series.enumerated() {
      let plot = PlotArea(
        left: 62, top: Double(index) * stripHeight + 24, width: width - 74, height: stripHeight - 30,
        horizontal: Scale(exactlyTo: end), vertical: Scale(exactlyTo: memory.capacity.value))
      for fraction in [0, 0.5, 1] {
        let bytes = memory.capacity.value * fraction
        drawing.line(
          from: .init(plot.left, plot.y(bytes)), to: .init(plot.right, plot.y(bytes)), class: "grid")
        if fraction != 0.5 {
          drawing.text(
            fraction == 0 ? "0" : "\(memory.capacity)", at: .init(plot.left - 8, plot.y(bytes) + 4),
            anchor: .end,
            class: "tick")
        }
      }
      let peak = Bytes(memory.steps.map(\.bytes).max() ?? 0)
      let share = percent(memory.capacity.value > 0 ? peak.value / memory.capacity.value : 0)
      drawing.text(memory.name, at: .init(plot.left, plot.top - 8), class: "label strong")
      drawing.text(
        "peak \(peak) · \(share)", at: .init(plot.right, plot.top - 8), anchor: .end, class: "value")
      drawing.path(
        outline(of: memory, plot, pixel: end / plot.width), isClosed: true, class: "m-\(index % 4)",
        title: memory.name)
      if index == series.count - 1 {
        plot.drawHorizontalAxis(in: &drawing, count: isNarrow ? 3 : 6) { "\(Seconds($0))" }
      }
    }
    return drawing
  }

  /// The steps as an area; within one pixel only the highest is kept.
  private func outline(of memory: OccupancySeries, _ plot: PlotArea, pixel: Double) -> [SVGDrawing.Point] {
    var levels: [(start: Double, bytes: Int)] = []
    for step in memory.steps {
      let start = Double(step.cycle) / clock.value
      if let last = levels.last, start - last.start < pixel {
        levels[levels.count - 1].bytes = max(last.bytes, step.bytes)
      } else {
        levels.append((start, step.bytes))
      }
    }
    var points: [SVGDrawing.Point] = []
    for (index, level) in levels.enumerated() {
      let end = index + 1 < levels.count ? levels[index + 1].start : Double(cycles) / clock.value
      points.append(plot.point(level.start, Double(level.bytes)))
      points.append(plot.point(end, Double(level.bytes)))
    }
    guard let first = points.first, let last = points.last else { return [] }
    return [.init(first.x, plot.bottom)] + points + [.init(last.x, plot.bottom)]
  }
}
