import Formats
import Measures
import Simulator

/// One bar for each layer, as long as the layer took, in the colours of the causes of its cycles.
struct LayerBars: Figure {
  var layers: [LayerResult]
  var clock: Hertz

  func drawing(width: Double) -> SVGDrawing {
    let isNarrow = width < FigureWidth.threshold
    let rowHeight = isNarrow ? 34.0 : 20.0
    let (left, right) = isNarrow ? (2.0, 62.0) : (230.0, 70.0)
    var drawing = SVGDrawing(
      width: width, height: Double(layers.count) * rowHeight + 4, label: "Time of each layer by cause")
    let longest = Double(max(1, layers.map(\.totalCycles).max() ?? 1))
    let scale = (width - left - right) / longest
    let names = NameShortener(width: isNarrow ? 46 : 32, ellipsis: "…").shortened(layers.map(\.name))
    for (index, layer) in layers.enumerated() {
      let top = Double(index) * rowHeight
      let barTop = isNarrow ? top + 17 : top + 3
      if isNarrow {
        drawing.text(names[index], at: .init(left, top + 12), class: "label")
      } else {
        drawing.text(names[index], at: .init(left - 10, top + 14), anchor: .end, class: "label")
      }
      var x = left
      for entry in layer.cyclesByCause where entry.cycles > 0 {
        let length = Double(entry.cycles) * scale
        drawing.rectangle(
          x: x, y: barTop, width: length, height: 14, class: "c-\(entry.cause.rawValue)",
          title: "\(layer.name)\n\(entry.cause.title): \(grouped(entry.cycles)) cycles, "
            + percent(entry.cycles, of: layer.totalCycles))
        x += length
      }
      drawing.text("\(layer.duration(at: clock))", at: .init(x + 6, barTop + 11), class: "value")
    }
    return drawing
  }
}
