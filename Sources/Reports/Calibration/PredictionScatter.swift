import Calibration
import Formats
import Measures

/// Predicted over measured, row by row, on logarithmic axes: the diagonal is right, the band is within 10 %.
struct PredictionScatter: Figure {
  var rows: [CalibrationResult.RowOutcome]
  var quantity: MeasuredQuantity

  func drawing(width: Double) -> SVGDrawing {
    let isNarrow = width < FigureWidth.threshold
    let height = isNarrow ? 320.0 : 480.0
    var drawing = SVGDrawing(
      width: width, height: height, label: "Predicted over measured \(quantity.rawValue), row by row")
    let values = rows.flatMap { [$0.measured, $0.judged] }
    let scale = Scale(logarithmicAround: values)
    let plot = PlotArea(
      left: isNarrow ? 58 : 96, top: 24, width: width - (isNarrow ? 70 : 116), height: height - 74,
      horizontal: scale, vertical: scale)
    plot.drawVerticalAxis(in: &drawing) { text($0) }
    plot.drawHorizontalAxis(in: &drawing) { text($0) }
    let (low, high) = (scale.lower, scale.upper)
    for factor in [0.9, 1.1] {
      // Each ends where it leaves the plot.
      let (first, last) = (max(low, low / factor), min(high, high / factor))
      drawing.path([plot.point(first, first * factor), plot.point(last, last * factor)], class: "peak")
    }
    drawing.path(
      [plot.point(low, low), plot.point(high, high)], class: "roof", title: "predicted = measured")
    for row in rows {
      drawing.circle(
        at: plot.point(row.measured, row.judged), radius: 5,
        class: row.isFitted ? "dot c-issue" : "dot c-compute",
        title: "\(row.name)\nmeasured \(text(row.measured)), predicted \(text(row.judged))\n"
          + "\(percent(row.judged / row.measured - 1)), \(row.isFitted ? "fitted" : "held out")")
    }
    drawing.text(
      "measured", at: .init(plot.left + plot.width / 2, plot.bottom + 42), anchor: .middle,
      class: "axis-title")
    drawing.text("predicted", at: .init(2, 12), class: "axis-title")
    return drawing
  }

  private func text(_ value: Double) -> String {
    quantity == .cycles ? engineering(value, unit: "") : engineering(value, unit: quantity.unit)
  }
}
