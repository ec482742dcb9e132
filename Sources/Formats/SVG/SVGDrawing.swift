/// A figure of fixed size, built mark by mark and written as one `<svg>` element.
///
/// Colours are left to the page: marks carry classes. Every text is escaped here, so no caller has to.
package struct SVGDrawing: Sendable {
  package var width: Double
  package var height: Double
  /// What the figure shows, for readers who do not see it.
  package var label: String
  private var body = ""

  package init(width: Double, height: Double, label: String) {
    self.width = width
    self.height = height
    self.label = label
  }

  /// Where a text stands relative to its point.
  package enum Anchor: String, Sendable {
    case start, middle, end
  }

  /// A place in the drawing: x to the right, y downwards.
  package struct Point: Hashable, Sendable {
    package var x: Double
    package var y: Double
    package init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// Draws a rectangle; those without width or height are left out.
  package mutating func rectangle(
    x: Double, y: Double, width: Double, height: Double, class name: String, radius: Double = 0,
    title: String? = nil
  ) {
    guard width > 0, height > 0 else { return }
    let corner = radius > 0 ? " rx=\"\(coordinate(radius))\"" : ""
    append(
      "rect",
      "x=\"\(coordinate(x))\" y=\"\(coordinate(y))\" width=\"\(coordinate(width))\" "
        + "height=\"\(coordinate(height))\"\(corner)",
      class: name, title: title)
  }

  /// Draws a straight line.
  package mutating func line(from start: Point, to end: Point, class name: String) {
    append(
      "line",
      "x1=\"\(coordinate(start.x))\" y1=\"\(coordinate(start.y))\" x2=\"\(coordinate(end.x))\" "
        + "y2=\"\(coordinate(end.y))\"", class: name, title: nil)
  }

  /// Draws a circle.
  package mutating func circle(at center: Point, radius: Double, class name: String, title: String? = nil) {
    append(
      "circle",
      "cx=\"\(coordinate(center.x))\" cy=\"\(coordinate(center.y))\" r=\"\(coordinate(radius))\"",
      class: name, title: title)
  }

  /// Draws a line through points, or the area they enclose when `isClosed`.
  package mutating func path(
    _ points: [Point], isClosed: Bool = false, class name: String, title: String? = nil
  ) {
    guard let first = points.first, points.count > 1 else { return }
    var commands = "M\(coordinate(first.x)) \(coordinate(first.y))L"
    commands += points.dropFirst().map { "\(coordinate($0.x)) \(coordinate($0.y))" }.joined(separator: " ")
    append("path", "d=\"\(commands)\(isClosed ? "Z" : "")\"", class: name, title: title)
  }

  /// Writes a text whose baseline starts, ends or is centred at `point`; `turned` runs it upwards.
  package mutating func text(
    _ text: String, at point: Point, anchor: Anchor = .start, class name: String, turned: Bool = false
  ) {
    let turn =
      turned ? " transform=\"rotate(-90 \(coordinate(point.x)) \(coordinate(point.y)))\"" : ""
    body +=
      "<text x=\"\(coordinate(point.x))\" y=\"\(coordinate(point.y))\" text-anchor=\"\(anchor.rawValue)\" "
    body += "class=\"\(name.escapedForMarkup)\"\(turn)>\(text.escapedForMarkup)</text>\n"
  }

  private mutating func append(_ element: String, _ attributes: String, class name: String, title: String?) {
    body += "<\(element) \(attributes) class=\"\(name.escapedForMarkup)\""
    body += title.map { "><title>\($0.escapedForMarkup)</title></\(element)>\n" } ?? "/>\n"
  }

  /// The whole element, for a page that brings the colours.
  package var markup: String { opening + body + "</svg>" }

  /// The whole element as a file of its own, with the rules of a style sheet in it.
  package func standalone(style: String) -> String {
    opening + "<style>\n\(style.escapedForMarkup)\n</style>\n" + body + "</svg>\n"
  }

  private var opening: String {
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(coordinate(width)) \(coordinate(height))\" "
      + "width=\"\(coordinate(width))\" height=\"\(coordinate(height))\" role=\"img\" "
      + "aria-label=\"\(label.escapedForMarkup)\">\n"
  }
}

/// A length with at most two decimals; anything that is no number is drawn at 0.
func coordinate(_ value: Double) -> String {
  guard value.isFinite, value.magnitude < 1e9 else { return "0" }
  let hundredths = Int((value * 100).rounded())
  let sign = hundredths < 0 ? "-" : ""
  let (whole, rest) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
  if rest == 0 { return "\(sign)\(whole)" }
  return rest % 10 == 0 ? "\(sign)\(whole).\(rest / 10)" : "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
}
