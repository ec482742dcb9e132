import Reports
import Testing

@Suite struct `The terminal report` {
  @Test func `has totals, eight layers, causes and energy, each with its unit`() {
    let text = reportFixture().terminalText(
      in: TerminalStyle(width: 120, usesColor: false, usesUnicode: true))
    for line in [
      "resnet18 on edge", "Totals", "The 8 of 21 layers that cost most", "Where the array's cycles went",
      "Energy by component", "note: a float32 network, simulated as int8", "hardware model: uncalibrated",
    ] {
      #expect(text.split(separator: "\n").contains(Substring(line)), "\(line) is missing")
    }
    #expect(text.contains("Latency                       6.88 ms"))
    #expect(text.contains("Waiting for loads   34.5 %  1 900 000 cycles  ██████████████████████"))
    #expect(text.contains("Main memory  57.1 %   1.71 mJ"))
  }

  @Test(arguments: [60, 80, 100, 120, 160]) func `fits the width of the terminal`(width: Int) {
    let style = TerminalStyle(width: width, usesColor: false, usesUnicode: true)
    let report = reportFixture { "a.very.long.prefix.of.a.name.as.exporters.write.them.\($0)" }
    let tables = report.terminalText(in: style).split(separator: "\n").filter { $0.hasPrefix("  ") }
    let longest = tables.map(\.count).max() ?? 0
    #expect(longest <= max(width, 92), "the fixed columns need 92 at least")
  }

  @Test func `shows the quotes of a text in ASCII`() {
    #expect(TerminalStyle.plain.printable("write “8 cycles”") == "write \"8 cycles\"")
  }

  @Test func `is plain ASCII where nothing more is known`() {
    let text = reportFixture { "größe µ \($0)" }.terminalText(in: .plain)
    #expect(text.unicodeScalars.allSatisfy { $0.isASCII && ($0 == "\n" || $0.value >= 0x20) })
    #expect(text.contains("32x32 int8"))
    #expect(text.contains("20.48 us"))
  }

  @Test func `lets no control character of a name through`() {
    for style in [TerminalStyle.plain, TerminalStyle(width: 120, usesColor: false, usesUnicode: true)] {
      let text = reportFixture { _ in "\u{1B}]0;gotcha\u{7}\u{202E}name\r" }.terminalText(in: style)
      #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" })
      #expect(!text.unicodeScalars.contains("\u{202E}"))
    }
  }

  @Test func `uses colour only where it is wanted`() {
    let colored = reportFixture().terminalText(
      in: TerminalStyle(width: 120, usesColor: true, usesUnicode: true))
    #expect(colored.contains("\u{1B}[1mTotals\u{1B}[0m"))
    #expect(!reportFixture().terminalText(in: .plain).contains("\u{1B}"))
  }

  @Test func `breaks paragraphs between words and indents what follows`() {
    let style = TerminalStyle(width: 60, usesColor: false, usesUnicode: false)
    let text = String(repeating: "ten little words ", count: 12)
    let lines = style.paragraph(text)
    #expect(lines.allSatisfy { $0.count <= 60 })
    #expect(
      lines.dropFirst().allSatisfy {
        $0.hasPrefix("    ten") || $0.hasPrefix("    little") || $0.hasPrefix("    words")
      })
    #expect(lines.flatMap { $0.split(separator: " ") } == text.split(separator: " "))
    #expect(style.paragraph("") == ["  "])
  }

  @Test func `draws no bar for nothing and at least a sliver for something`() {
    for style in [TerminalStyle.plain, TerminalStyle(width: 80, usesColor: false, usesUnicode: true)] {
      #expect(style.bar(0, length: 20).isEmpty)
      #expect(style.bar(1e-9, length: 20).count == 1)
      #expect(style.bar(1, length: 20).count == 20)
      #expect(style.bar(.nan, length: 20).isEmpty)
    }
  }
}

@Suite struct `Numbers for readers` {
  @Test func `percentages have one decimal`() {
    #expect(percent(1, of: 3) == "33.3 %")
    #expect(percent(0, of: 0) == "0.0 %")
    #expect(percent(-0.0126) == "-1.3 %")
  }

  @Test func `counts are grouped by three digits`() {
    #expect(grouped(1_814_073_344) == "1 814 073 344")
    #expect(grouped(-1234) == "-1 234")
    #expect(grouped(12) == "12")
  }
}
