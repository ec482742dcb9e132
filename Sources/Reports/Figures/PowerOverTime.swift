import Formats
import Hardware
import Measures
import Simulator

/// Power of each component over time, stacked, with the highest window of each stretch as a line above it.
struct PowerOverTime: Figure {
  var power: PowerTrace
  var cycles: Int
  var clock: Hertz

  func drawing(width: Double) -> SVGDrawing {
    let isNarrow = width < FigureWidth.threshold
    let height = isNarrow ? 200.0 : 260.0
    var drawing = SVGDrawing(width: width, height: height, label: "Power by component over time")
    let stretches = stretches(atMost: isNarrow ? 110 : 320)
    let plot = PlotArea(
      left: 62, top: 10, width: width - 74, height: height - 40,
      horizontal: Scale(exactlyTo: Double(cycles) / clock.value), vertical: Scale(linearTo: power.peak.value))
    plot.drawVerticalAxis(in: &drawing) { "\(Watts($0))" }
    var base = stretches.map { _ in 0.0 }
    for (index, component) in Component.allCases.enumerated() {
      let top = zip(base, stretches).map { $0 + ($1.watts.indices.contains(index) ? $1.watts[index] : 0) }
      guard zip(base, top).contains(where: { $0 < $1 }) else { continue }
      let outline = steps(top, stretches, plot) + steps(base, stretches, plot).reversed()
      drawing.path(outline, isClosed: true, class: "p-\(component.rawValue)", title: component.title)
      base = top
    }
    drawing.path(steps(stretches.map(\.highest), stretches, plot), class: "peak", title: "Highest window")
    plot.drawHorizontalAxis(in: &drawing, count: isNarrow ? 3 : 6) { "\(Seconds($0))" }
    return drawing
  }

  /// Neighbouring windows drawn as one.
  private struct Stretch {
    var start: Double
    var end: Double
    var watts: [Double]
    var highest: Double
  }

  /// The windows, averaged over their lengths into at most `count` stretches.
  private func stretches(atMost count: Int) -> [Stretch] {
    let windows = power.watts.count
    guard windows > 0, power.windowCycles > 0 else { return [] }
    let size = (windows + count - 1) / count
    return stride(from: 0, to: windows, by: size).map { first in
      let last = min(first + size, windows)
      var joules = Component.allCases.map { _ in 0.0 }
      var seconds = 0.0
      for window in first..<last {
        let length = min(power.windowCycles, max(0, cycles - window * power.windowCycles))
        let duration = Double(length) / clock.value
        seconds += duration
        guard window < power.wattsByComponent.count else { continue }
        for (index, watts) in power.wattsByComponent[window].enumerated() where index < joules.count {
          joules[index] += watts.value * duration
        }
      }
      return Stretch(
        start: Double(first * power.windowCycles) / clock.value,
        end: Double(min(last * power.windowCycles, cycles)) / clock.value,
        watts: joules.map { seconds > 0 ? $0 / seconds : 0 },
        highest: power.watts[first..<last].map(\.value).max() ?? 0)
    }
  }

  private func steps(_ values: [Double], _ stretches: [Stretch], _ plot: PlotArea) -> [SVGDrawing.Point] {
    zip(values, stretches).flatMap { value, stretch in
      [plot.point(stretch.start, value), plot.point(stretch.end, value)]
    }
  }
}
