import Formats
import Testing

/// JSON documents as RFC 8259 defines them, and nothing else.
struct JSONReaderTests {
  private func read(_ text: String) throws -> JSONValue { try JSONReader.read(Array(text.utf8), source: "x") }

  @Test func `what is written reads back the same`() throws {
    let value: JSONValue = [
      "text": .string("a\"b\\c\n\u{1F600}\u{7F}é"), "whole": .integer(-12), "number": .number(0.1),
      "tiny": .number(.leastNonzeroMagnitude), "flag": .bool(true), "none": .null,
      "list": .array([.integer(1), .array([]), .object([])]),
    ]
    #expect(try read(value.text) == value)
    #expect(try read(value.line) == value)
    #expect(!value.line.contains("\n"))
    #expect(value["whole"]?.asInteger == -12)
    #expect(value["number"]?.asNumber == 0.1)
    #expect(value["list"]?.asArray?.count == 3)
    #expect(value["list"]?.asIntegers == nil)
    #expect(value["nothing"] == nil)
  }

  @Test func `escapes and surrogate pairs are decoded`() throws {
    #expect(try read(#""\u00e9\ud83d\ude00\/\b\f\t""#) == .string("é\u{1F600}/\u{8}\u{C}\t"))
  }

  @Test func `numbers are whole only without fraction and exponent`() throws {
    #expect(try read("-0") == .integer(0))
    #expect(try read("1.0") == .number(1))
    #expect(try read("1e2") == .number(100))
    #expect(try read("123456789012345678901") == .number(1.2345678901234568e20))
  }

  /// Texts that are no documents, and what is said about them.
  static let broken: [(text: String, message: String)] = [
    ("", "x:1:1: the end of the text; expected a value"),
    ("{\"a\":1,}", "x:1:8: “}”; expected a name in quotes"),
    ("[1,]", "x:1:4: “]”; expected a value"),
    ("[1 2]", "x:1:4: “2]”; expected a comma or “]”"),
    ("{\"a\" 1}", "x:1:6: “1}”; expected a colon"),
    ("{\"a\":1\n,\"a\":2}", "x:2:2: the name “a” for the second time; expected each name once"),
    ("01", "x:1:3: “”; expected a number without leading zeros"),
    ("-", "x:1:2: “”; expected a number without leading zeros"),
    ("1.", "x:1:3: “”; expected digits behind the point"),
    ("1e", "x:1:3: “”; expected digits of the exponent"),
    ("1e999", "x:1:6: 1e999; expected a number of binary64"),
    ("\"a", "x:1:3: the end of the text; expected a closing quote"),
    ("\"\n\"", "x:1:2: a control character in a text; expected it to be escaped"),
    ("\"\\x\"", "x:1:3: “\\x\"”; expected an escape of JSON"),
    ("\"\\u12\"", "x:1:4: “12\"”; expected four hexadecimal digits"),
    ("\"\\ud800\"", "x:1:8: half of a surrogate pair; expected both halves"),
    ("nul", "x:1:1: “nul”; expected a value"),
    ("1 2", "x:1:3: more text; expected the end of the document"),
  ]

  @Test(arguments: broken)
  func `a broken document is refused at its place`(_ text: String, _ message: String) {
    let error = #expect(throws: FormatError.self) { try read(text) }
    #expect(error?.description == message)
  }

  @Test func `bytes that are not UTF-8 and deep nesting are refused`() {
    #expect(throws: FormatError.self) { try JSONReader.read([0x22, 0xFF, 0x22], source: "x") }
    #expect(throws: FormatError.self) { try read(String(repeating: "[", count: 100)) }
  }
}
