import Formats
import Hardware
import Measures
import Simulator

/// One bar for each component, as long as its energy.
struct EnergyBars: Figure {
  var components: [ComponentEnergy]
  var total: Joules

  func drawing(width: Double) -> SVGDrawing {
    let isNarrow = width < FigureWidth.threshold
    let rowHeight = 28.0
    let (left, right) = isNarrow ? (92.0, 126.0) : (130.0, 150.0)
    var drawing = SVGDrawing(
      width: width, height: Double(components.count) * rowHeight + 2, label: "Energy by component")
    let largest = components.map(\.energy.value).max() ?? 0
    let scale = largest > 0 ? (width - left - right) / largest : 0
    for (index, entry) in components.enumerated() {
      let top = Double(index) * rowHeight
      let length = max(1, entry.energy.value * scale)
      let share = percent(total.value == 0 ? 0 : entry.energy / total)
      drawing.text(entry.component.title, at: .init(left - 10, top + 18), anchor: .end, class: "label")
      drawing.rectangle(
        x: left, y: top + 4, width: length, height: 19, class: "p-\(entry.component.rawValue)",
        title: "\(entry.component.title): \(entry.energy)")
      drawing.text("\(entry.energy) · \(share)", at: .init(left + length + 8, top + 18), class: "value")
    }
    return drawing
  }
}
