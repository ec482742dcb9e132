import Formats

/// The weights of a mixture over epochs, stacked to 1: a band for each option, none once it was wiped.
struct MixtureFigure: Figure {
  var title: String
  var options: [String]
  /// For each epoch the weight of each option.
  var weights: [[Double]]

  func drawing(width: Double) -> SVGDrawing {
    var drawing = SVGDrawing(width: width, height: 130, label: "Weights of \(title) over epochs")
    let plot = PlotArea(
      left: 4, top: 6, width: width - 8, height: 100,
      horizontal: Scale(exactlyTo: Double(max(1, weights.count - 1))), vertical: Scale(exactlyTo: 1))
    // One epoch alone is drawn as wide as two.
    let rows = weights.count == 1 ? weights + weights : weights
    var floors = rows.map { _ in 0.0 }
    for (option, name) in options.enumerated() {
      let values = rows.map { option < $0.count && $0[option].isFinite ? max(0, $0[option]) : 0 }
      let roofs = zip(floors, values).map { $0 + $1 }
      if values.contains(where: { $0 > 0 }) {
        let upper = roofs.enumerated().map { plot.point(Double($0), $1) }
        let lower = floors.enumerated().map { plot.point(Double($0), $1) }
        drawing.path(
          upper + lower.reversed(), isClosed: true, class: "band \(Self.mark(option))",
          title: "\(name): \(percent(values[values.count - 1])) in the end")
      }
      floors = roofs
    }
    drawing.text("1", at: .init(plot.left, plot.bottom + 16), class: "tick")
    drawing.text(
      "epoch \(weights.count)", at: .init(plot.right, plot.bottom + 16), anchor: .end, class: "tick")
    return drawing
  }

  /// The class that colours an option's band.
  static func mark(_ option: Int) -> String { "o-\(option % 8)" }
}
