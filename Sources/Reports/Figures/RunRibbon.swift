import Formats
import Measures
import Simulator

/// The run from left to right, each layer as wide as it took, its height divided among the causes of its cycles.
struct RunRibbon: Figure {
  var layers: [LayerResult]
  var cycles: Int
  var clock: Hertz

  func drawing(width: Double) -> SVGDrawing {
    let isNarrow = width < FigureWidth.threshold
    let height = isNarrow ? 150.0 : 190.0
    var drawing = SVGDrawing(
      width: width, height: height + 34,
      label: "Share of each cause in the cycles of every layer over the run")
    let total = max(1, layers.reduce(0) { $0 + $1.totalCycles })
    let plot = PlotArea(
      left: 48, top: 8, width: width - 56, height: height - 8,
      horizontal: Scale(exactlyTo: Double(total) / clock.value), vertical: Scale(exactlyTo: 1))
    plot.drawVerticalAxis(in: &drawing, count: 2) { "\(Int(($0 * 100).rounded())) %" }
    var first = 0.0
    for column in columns(minimumCycles: Double(total) * 1.5 / plot.width) {
      let seconds = Double(column.cycles) / clock.value
      draw(column, from: plot.x(first), to: plot.x(first + seconds), in: &drawing, plot)
      first += seconds
    }
    plot.drawHorizontalAxis(in: &drawing, count: isNarrow ? 3 : 6) { "\(Seconds($0))" }
    return drawing
  }

  private func draw(
    _ column: Column, from left: Double, to right: Double, in drawing: inout SVGDrawing, _ plot: PlotArea
  ) {
    let gap = right - left > 4 ? 0.6 : 0
    var bottom = plot.bottom
    for entry in column.causes where entry.cycles > 0 {
      let height = plot.height * Double(entry.cycles) / Double(max(1, column.cycles))
      drawing.rectangle(
        x: left, y: bottom - height, width: right - left - gap, height: height,
        class: "c-\(entry.cause.rawValue)",
        title: "\(column.name)\n\(entry.cause.title): \(percent(entry.cycles, of: column.cycles)) of "
          + "\(Seconds(Double(column.cycles) / clock.value))")
      bottom -= height
    }
  }

  /// One layer, or several neighbours that are too short to be seen alone.
  private struct Column {
    var name: String
    var cycles: Int
    var causes: [CauseCycles]
  }

  private func columns(minimumCycles: Double) -> [Column] {
    var columns: [Column] = []
    for layer in layers where layer.totalCycles > 0 {
      if let last = columns.last, Double(last.cycles) < minimumCycles {
        let index = columns.count - 1
        columns[index].name = last.name.hasSuffix(" …") ? last.name : last.name + " …"
        columns[index].cycles += layer.totalCycles
        for entry in layer.cyclesByCause {
          if let place = columns[index].causes.firstIndex(where: { $0.cause == entry.cause }) {
            columns[index].causes[place].cycles += entry.cycles
          } else {
            columns[index].causes.append(entry)
          }
        }
      } else {
        columns.append(Column(name: layer.name, cycles: layer.totalCycles, causes: layer.cyclesByCause))
      }
    }
    return columns
  }
}
