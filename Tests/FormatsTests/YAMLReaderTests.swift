import Formats
import Testing

/// A YAML tree knows where every value stands.
@Suite struct YAMLReaderTests {
  @Test func `every value and key has its line and column`() throws {
    let text = """
      # a comment
      name: edge
      array: {rows: 32, dataflows: [ws, "os"]}
      list:
        - a: 1
          b: >-
            folded
            text
      """
    let root = try YAMLReader.read(text, file: "m.yaml")
    guard case .mapping(let entries) = root.content else {
      Issue.record("not a mapping")
      return
    }
    #expect(entries.map(\.key) == ["name", "array", "list"])
    #expect(entries.map { $0.keyPlace.description } == ["m.yaml:2:1", "m.yaml:3:1", "m.yaml:4:1"])
    #expect(root[key: "name"]?.place.description == "m.yaml:2:7")
    #expect(root[key: "array"]?[key: "rows"]?.place.description == "m.yaml:3:15")
    #expect(root[key: "array"]?[key: "rows"]?.content == .scalar("32", isPlain: true))
    guard case .sequence(let flows)? = root[key: "array"]?[key: "dataflows"]?.content,
      case .sequence(let list)? = root[key: "list"]?.content
    else {
      Issue.record("not lists")
      return
    }
    #expect(flows.map(\.content) == [.scalar("ws", isPlain: true), .scalar("os", isPlain: false)])
    #expect(flows[1].place.description == "m.yaml:3:35")
    #expect(list[0][key: "b"]?.content == .scalar("folded text", isPlain: false))
    #expect(list[0].place.description == "m.yaml:5:5")
  }

  @Test func `columns count letters, not bytes`() throws {
    let root = try YAMLReader.read("{µ: x, b: y}", file: "m")
    #expect(root[key: "b"]?.place.description == "m:1:11")
  }

  @Test func `an alias stands for its anchor's value`() throws {
    let root = try YAMLReader.read("a: &x {k: 1}\nb: *x\n", file: "m")
    #expect(root[key: "b"] == root[key: "a"])
  }

  @Test func `empty values are null whichever way they are written`() throws {
    let root = try YAMLReader.read("a:\nb: ~\nc: null\nd: ''\n", file: "m")
    #expect(["a", "b", "c", "d"].map { root[key: $0]?.isNull } == [true, true, true, false])
  }
}

/// Everything that is not plain YAML is refused where it stands.
@Suite struct YAMLErrorTests {
  private func message(_ text: String) -> String {
    do throws(FormatError) {
      _ = try YAMLReader.read(text, file: "m.yaml")
      return "read"
    } catch {
      return "\(error)"
    }
  }

  @Test func `broken syntax is placed and explained`() {
    #expect(
      message("a: [1, 2\nb: 3\n")
        == """
        m.yaml:2:2: this is not YAML: while parsing a flow sequence: did not find expected ',' or ']'; check \
        indentation, colons and quotes
        """)
    #expect(
      message("a: \"x\n")
        == """
        m.yaml:2:1: this is not YAML: while scanning a quoted scalar: found unexpected end of stream; check \
        indentation, colons and quotes
        """)
    #expect(
      message("a: b: c\n")
        == """
        m.yaml:1:5: this is not YAML: mapping values are not allowed in this context; check indentation, colons and \
        quotes
        """)
    #expect(message("a: \u{1}\n") == "m.yaml:1:4: this is not YAML: control characters are not allowed")
  }

  @Test func `a key that is given twice is placed at its second mention`() {
    let twice = "given twice, first in line"
    #expect(
      message("a: 1\nb: 2\na: 3\n")
        == "m.yaml:3:1: 'a' is \(twice) 1; expected each key once; remove one of them")
    #expect(
      message("a: 1\nb:\n  c: {k: 1, l: 2, k: 3}\n")
        == "m.yaml:3:19: 'k' is \(twice) 3; expected each key once; remove one of them")
    #expect(
      message("a:\n  - k: 1\n    \"k\": 2\n")
        == "m.yaml:3:5: 'k' is \(twice) 2; expected each key once; remove one of them")
  }

  @Test func `what descriptions do not need is refused, all of it at once`() {
    #expect(
      message("a: !!int 5\nb: {<<: 3}\nc: !secret x\n? [x]\n: 1\n")
        == """
        m.yaml:1:4: the tag 'tag:yaml.org,2002:int' is not understood; remove it
        m.yaml:2:5: merge keys are not understood; write the values out
        m.yaml:3:4: the tag '!secret' is not understood; remove it
        m.yaml:4:3: a key is a list or a mapping; expected a text
        """)
    #expect(message("") == "m.yaml:1:1: the file is empty; expected a YAML mapping")
    #expect(message("# nothing\n") == "m.yaml:1:1: the file is empty; expected a YAML mapping")
    #expect(
      message("a: 1\n---\nb: 2\n")
        == """
        m.yaml:2:1: this is not YAML: expected a single document in the stream: but found another document; check \
        indentation, colons and quotes
        """)
    #expect(
      message("a: *nothing\n")
        == "m.yaml:1:4: this is not YAML: found undefined alias; check indentation, colons and quotes")
  }

  @Test func `size, depth and number of values are bounded`() {
    #expect(
      message(String(repeating: "#", count: 1_048_577))
        == "m.yaml:1:1: the file has 1048577 bytes; expected at most 1048576; split it into parts")
    let deep = String(repeating: "[", count: 80) + String(repeating: "]", count: 80)
    #expect(message(deep) == "m.yaml:1:66: lists or mappings are nested too deep; expected at most 64 levels")
    let deeper = String(repeating: "[", count: 5000)
    #expect(
      message(deeper).hasSuffix(
        "m.yaml:1:1: lists or mappings are nested too deep; expected at most 64 levels"))
    let long = "[" + String(repeating: "1,", count: 100_001) + "1]"
    #expect(message(long).hasSuffix("the document has more than 100000 values"))
  }

  @Test func `aliases cannot make the document explode`() {
    var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1..<9 {
      let uses = (0..<9).map { _ in "*a\(level - 1)" }.joined(separator: ", ")
      bomb += "a\(level): &a\(level) [\(uses)]\n"
    }
    #expect(
      message(bomb)
        == "m.yaml:3:45: the file uses more than 16 aliases; write the values out, or quote texts with '*'")
    // The most that 16 aliases can multiply: keys that nest, five levels of three.
    var keys = "? &k0 {x: 1}\n: 0\n"
    for level in 1...5 {
      keys += "? &k\(level) {? *k\(level - 1) : 1, ? [*k\(level - 1)] : 2, ? [[*k\(level - 1)]] : 3}\n: 0\n"
    }
    #expect(message(keys).contains("a key is a list or a mapping"))
  }
}

/// What is written reads back as the same tree.
@Suite struct YAMLWriterTests {
  private func unplaced(_ node: YAMLNode) -> YAMLNode { node.moved(to: Place(source: "")) }

  @Test func `texts keep every character, and stay texts`() throws {
    let texts = [
      "plain", "two words", "32", "1e3", "true", "null", "~", "", " leading", "trailing ", "a: b", "a #b",
      "- x", "[",
      "{", "*a", "&a", "!t", "%", "@", "`", "\"", "'", "\\", "line\nbreak", "tab\t", "\r", "µ×…√",
      "\u{7F}\u{85}\u{2028}",
      "😀", "#", "?", ":", "a:", "<<", "=", "yes", "0x10", "1_000", "2001-01-01",
    ]
    for text in texts {
      let node = YAMLNode(.scalar(text, isPlain: false), at: Place(source: ""))
      let tree = YAMLNode(
        .mapping([.init(key: "k", keyPlace: Place(source: ""), value: node)]), at: Place(source: ""))
      let read = try YAMLReader.read(YAMLWriter.document(tree), file: "m")
      guard case .scalar(let back, _)? = read[key: "k"]?.content else {
        Issue.record("\(text.debugDescription) is no scalar")
        continue
      }
      #expect(back == text)
      #expect(read[key: "k"]?.isNull == false)
    }
  }

  @Test func `a document in block style reads back`() throws {
    let text = """
      name: edge
      array:
        kind: systolic
        formats:
          - {format: int8, rate: 1}
          - {format: int16, rate: 0.25}
      empty: []
      none: {}
      words: [one, two]
      nested:
        - - - a
        - b:
            c: {d: [1]}

      """
    let tree = try YAMLReader.read(text, file: "m")
    let written = YAMLWriter.document(tree)
    #expect(unplaced(try YAMLReader.read(written, file: "m")) == unplaced(tree))
    #expect(
      written.hasPrefix("name: edge\narray:\n  kind: systolic\n  formats:\n    - {format: int8, rate: 1}\n"))
  }
}
