import Formats
import Foundation
import Reports
import Simulator
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct `The HTML report` {
  @Test func `names the run, its totals, its causes and where it came from`() throws {
    let page = try reportFixture().html()
    for text in [
      "<h1>resnet18 on edge</h1>", "Waiting for loads", "Main memory", "joulery simulate resnet18",
      "uncalibrated",
      "a float32 network, simulated as int8", String(repeating: "a1", count: 32),
      String(repeating: "b2", count: 32),
    ] {
      #expect(page.contains(text), "\(text) is missing")
    }
  }

  @Test func `reaches for nothing outside itself`() throws {
    let page = try reportFixture().html()
    for reference in ["src=", "href=", "url(", "@import", "fetch(", "XMLHttpRequest", "<link", "<iframe"] {
      #expect(!page.contains(reference), "\(reference) reaches out")
    }
    let mentions = page.components(separatedBy: "http").count - 1
    let namespaces = page.components(separatedBy: "http://www.w3.org/2000/svg").count - 1
    #expect(mentions == namespaces + 1, "beside the namespaces only http-equiv may say http")
    #expect(page.contains("Content-Security-Policy"))
  }

  @Test func `draws figures that are well-formed XML, even with hostile names`() throws {
    let hostile = "</svg><script>alert(1)</script>&\"'\u{0}\u{1B}[31m\u{FFFF}"
    for report in [
      reportFixture(), reportFixture(layers: 300), reportFixture { _ in hostile }, reportFixture(layers: 0),
    ] {
      let page = try report.html()
      var rest = page[...]
      var count = 0
      while let start = rest.range(of: "<svg"), let end = rest.range(of: "</svg>") {
        let drawing = String(rest[start.lowerBound..<end.upperBound])
        let parser = XMLParser(data: Data(drawing.utf8))
        #expect(parser.parse(), "\(parser.parserError.map { "\($0)" } ?? "")")
        rest = rest[end.upperBound...]
        count += 1
      }
      #expect(count >= 10)
    }
  }

  @Test func `shows a hostile name as text`() throws {
    let page = try reportFixture { _ in "<script>alert(1)</script>" }.html()
    #expect(!page.contains("<script>alert"))
    #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    #expect(page.components(separatedBy: "<script>").count == 2, "only the report's own script is one")
  }

  @Test func `is the same for the same run`() throws {
    #expect(try reportFixture().html() == reportFixture().html())
  }

  @Test func `has one table row for each layer`() throws {
    let page = try reportFixture(layers: 150).html()
    #expect(page.components(separatedBy: "<tr><td").count - 1 == 150)
  }

  @Test func `stays small for networks with many layers`() throws {
    #expect(try reportFixture(layers: 400).html().utf8.count < 1_500_000)
  }
}

@Suite struct `A drawing` {
  @Test func `escapes labels, classes, titles and texts`() {
    var drawing = SVGDrawing(width: 10, height: 10, label: "<&>\"")
    drawing.text("a<b", at: .init(0, 0), class: "\"x")
    drawing.rectangle(x: 0, y: 0, width: 1, height: 1, class: "c", title: "t&t")
    #expect(drawing.markup.contains("aria-label=\"&lt;&amp;&gt;&quot;\""))
    #expect(drawing.markup.contains("class=\"&quot;x\">a&lt;b</text>"))
    #expect(drawing.markup.contains("<title>t&amp;t</title>"))
  }

  @Test func `writes coordinates with at most two decimals and no number that is none`() {
    var drawing = SVGDrawing(width: 10, height: 10, label: "")
    drawing.line(from: .init(1.0 / 3, -0.005), to: .init(.nan, .infinity), class: "l")
    #expect(drawing.markup.contains("x1=\"0.33\" y1=\"-0.01\" x2=\"0\" y2=\"0\""))
  }
}
