import Formats
import Search

/// A cell as a graph: nodes on a line in the order of computation, operations as arcs above and below it.
struct CellFigure: Figure {
  var diagram: CellDiagram

  private static let radius = 13.0
  private static let step = 24.0

  func drawing(width: Double) -> SVGDrawing {
    let arcs = arcs(width: width)
    let top = arcs.map(\.height).max() ?? 0
    let bottom = arcs.map(\.height).min() ?? 0
    let line = max(max(top, 0) + 20, Self.radius + 4)
    var drawing = SVGDrawing(
      width: width, height: line + max(-min(bottom, 0) + 22, Self.radius + 4),
      label: "\(diagram.title): "
        + diagram.edges.map { "\(diagram.nodes[$0.from]) → \(diagram.nodes[$0.to]) \($0.label)" }
        .joined(separator: ", "))
    for arc in arcs { draw(arc, line: line, width: width, in: &drawing) }
    for (index, node) in diagram.nodes.enumerated() where diagram.isJoined(index) {
      let center = SVGDrawing.Point(x(of: index, width), line)
      drawing.circle(at: center, radius: Self.radius, class: "cell-node")
      drawing.text(node, at: .init(center.x, center.y + 4), anchor: .middle, class: "cell-name")
    }
    for arc in arcs {
      let middle = (x(of: arc.edge.from, width) + x(of: arc.edge.to, width)) / 2
      drawing.text(
        arc.edge.label, at: .init(middle, line - arc.height + (arc.height < 0 ? 15 : -5)), anchor: .middle,
        class: "cell-label halo")
    }
    return drawing
  }

  /// An edge and how far above (or, negative, below) the line of nodes its middle runs.
  private struct Arc {
    var edge: CellDiagram.Edge
    var height: Double
  }

  private func x(of node: Int, _ width: Double) -> Double {
    let margin = Self.radius + 4
    return margin + (width - 2 * margin) * Double(node) / Double(max(1, diagram.nodes.count - 1))
  }

  /// The flattest arcs on which no label covers another and no two edges run over each other: short ones first.
  private func arcs(width: Double) -> [Arc] {
    var taken: [(left: Double, right: Double, height: Double)] = []
    var result: [Arc] = []
    let order = diagram.edges.enumerated().sorted {
      ($0.element.to - $0.element.from, $0.offset) < ($1.element.to - $1.element.from, $1.offset)
    }
    for edge in order.map(\.element) {
      let middle = (x(of: edge.from, width) + x(of: edge.to, width)) / 2
      let half = Double(edge.label.count) * 3.2 + 6
      let isShort = edge.to - edge.from == 1
      let levels = (isShort ? [0.0] : []) + (1...20).flatMap { [Double($0), -Double($0)] }
      let height =
        levels.map { $0 * Self.step }.first { height in
          // An arc over several nodes stays clear of them, and of the arcs below it.
          guard isShort || abs(height) >= Self.step * 0.8 * Double(edge.to - edge.from) else { return false }
          return !taken.contains {
            $0.left < middle + half && middle - half < $0.right && abs($0.height - height) < Self.step * 0.8
          }
        } ?? 0
      taken.append((middle - half, middle + half, height))
      result.append(Arc(edge: edge, height: height))
    }
    return result
  }

  /// A parabola through the middle of the arc, from rim to rim, with an arrow at its end.
  private func draw(_ arc: Arc, line: Double, width: Double, in drawing: inout SVGDrawing) {
    let (start, end) = (x(of: arc.edge.from, width), x(of: arc.edge.to, width))
    let points = (0...24).map { step in
      let share = Double(step) / 24
      return SVGDrawing.Point(
        start + (end - start) * share, line - arc.height * 4 * share * (1 - share))
    }
    let visible = points.filter { point in
      min(distance(point, start, line), distance(point, end, line)) > Self.radius + 1
    }
    guard let tip = visible.last, visible.count > 1 else { return }
    let title = "\(diagram.nodes[arc.edge.from]) → \(diagram.nodes[arc.edge.to]): \(arc.edge.label)"
    drawing.path(visible, class: "cell-edge e-\(arc.edge.kind.rawValue)", title: title)
    let before = visible[max(0, visible.count - 3)]
    let length = max(1e-6, distance(before, tip.x, tip.y))
    let (dx, dy) = ((tip.x - before.x) / length, (tip.y - before.y) / length)
    drawing.path(
      [
        tip, .init(tip.x - 8 * dx - 4 * dy, tip.y - 8 * dy + 4 * dx),
        .init(tip.x - 8 * dx + 4 * dy, tip.y - 8 * dy - 4 * dx),
      ], isClosed: true, class: "cell-tip t-\(arc.edge.kind.rawValue)")
  }

  private func distance(_ point: SVGDrawing.Point, _ x: Double, _ y: Double) -> Double {
    ((point.x - x) * (point.x - x) + (point.y - y) * (point.y - y)).squareRoot()
  }
}
