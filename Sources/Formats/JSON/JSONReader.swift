/// Reads one JSON document (RFC 8259) strictly: no comments, no trailing commas, no member twice, nothing behind the end.
///
/// Numbers without fraction and exponent that fit are integers, all others binary64.
/// - Complexity: O(bytes).
package struct JSONReader {
  /// Nested arrays and objects; deeper ones are refused.
  package static let deepestNesting = 64

  private let bytes: [UInt8]
  private let source: String
  private var position = 0

  /// Reads a document; `source` is what messages name.
  ///
  /// - Throws: ``FormatError`` with the line and column of what is wrong.
  package static func read(_ bytes: [UInt8], source: String) throws(FormatError) -> JSONValue {
    guard let end = firstInvalidUTF8(bytes) else {
      var reader = JSONReader(bytes: bytes, source: source)
      let value = try reader.value(depth: 0)
      reader.skipBlanks()
      guard reader.position == bytes.count else { throw reader.fault("more text", "the end of the document") }
      return value
    }
    throw JSONReader(bytes: bytes, source: source, position: end).fault("bytes that are not UTF-8", "UTF-8")
  }

  private static func firstInvalidUTF8(_ bytes: [UInt8]) -> Int? {
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var read = 0
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar): read += UTF8.width(scalar)
      case .emptyInput: return nil
      case .error: return read
      }
    }
  }

  private init(bytes: [UInt8], source: String, position: Int = 0) {
    self.bytes = bytes
    self.source = source
    self.position = position
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipBlanks() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
  }

  private mutating func take(_ character: Character) -> Bool {
    skipBlanks()
    guard next == character.asciiValue else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws(FormatError) -> JSONValue {
    guard depth <= Self.deepestNesting else {
      throw fault("more than \(Self.deepestNesting) nested arrays or objects", "fewer")
    }
    skipBlanks()
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t") where takeWord("true"): return .bool(true)
    case UInt8(ascii: "f") where takeWord("false"): return .bool(false)
    case UInt8(ascii: "n") where takeWord("null"): return .null
    case .some(let byte) where byte == UInt8(ascii: "-") || isDigit(byte): return try number()
    case .none: throw fault("the end of the text", "a value")
    default: throw fault("“\(excerpt(rest))”", "a value")
    }
  }

  private mutating func object(depth: Int) throws(FormatError) -> JSONValue {
    position += 1
    var members: [JSONValue.Member] = []
    var names: Set<String> = []
    if take("}") { return .object([]) }
    repeat {
      skipBlanks()
      guard next == UInt8(ascii: "\"") else { throw fault("“\(excerpt(rest))”", "a name in quotes") }
      let start = position
      let name = try string()
      guard names.insert(name).inserted else {
        position = start
        throw fault("the name “\(excerpt(name))” for the second time", "each name once")
      }
      guard take(":") else { throw fault("“\(excerpt(rest))”", "a colon") }
      members.append(.init(name, try value(depth: depth + 1)))
    } while take(",")
    guard take("}") else { throw fault("“\(excerpt(rest))”", "a comma or “}”") }
    return .object(members)
  }

  private mutating func array(depth: Int) throws(FormatError) -> JSONValue {
    position += 1
    var elements: [JSONValue] = []
    if take("]") { return .array([]) }
    repeat { elements.append(try value(depth: depth + 1)) } while take(",")
    guard take("]") else { throw fault("“\(excerpt(rest))”", "a comma or “]”") }
    return .array(elements)
  }

  private mutating func string() throws(FormatError) -> String {
    position += 1
    var scalars: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: scalars, as: UTF8.self)
      case UInt8(ascii: "\\"): scalars += try escaped()
      case 0..<0x20:
        position -= 1
        throw fault("a control character in a text", "it to be escaped")
      default: scalars.append(byte)
      }
    }
    throw fault("the end of the text", "a closing quote")
  }

  private mutating func escaped() throws(FormatError) -> [UInt8] {
    guard let byte = next else { throw fault("the end of the text", "a closing quote") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "f"): return [12]
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "u"):
      var code = try fourDigits()
      if (0xD800..<0xDC00).contains(code), takeWord("\\u") {
        let low = try fourDigits()
        guard (0xDC00..<0xE000).contains(low) else { throw fault("half of a surrogate pair", "both halves") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw fault("half of a surrogate pair", "both halves") }
      return Array(String(Character(scalar)).utf8)
    default:
      position -= 1
      throw fault("“\\\(excerpt(rest))”", "an escape of JSON")
    }
  }

  private mutating func fourDigits() throws(FormatError) -> UInt32 {
    let end = min(position + 4, bytes.count)
    let digits = bytes[position..<end]
    let isHexadecimal = digits.count == 4 && digits.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
    guard isHexadecimal, let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) else {
      throw fault("“\(excerpt(rest))”", "four hexadecimal digits")
    }
    position = end
    return code
  }

  private mutating func number() throws(FormatError) -> JSONValue {
    let start = position
    func text() -> String { String(decoding: bytes[start..<position], as: UTF8.self) }
    if next == UInt8(ascii: "-") { position += 1 }
    let first = next
    let digits = takeDigits()
    guard digits > 0, digits == 1 || first != UInt8(ascii: "0")
    else { throw fault("“\(excerpt(rest))”", "a number without leading zeros") }
    var isWhole = true
    if next == UInt8(ascii: ".") {
      position += 1
      isWhole = false
      guard takeDigits() > 0 else { throw fault("“\(excerpt(rest))”", "digits behind the point") }
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      position += 1
      isWhole = false
      if next == UInt8(ascii: "-") || next == UInt8(ascii: "+") { position += 1 }
      guard takeDigits() > 0 else { throw fault("“\(excerpt(rest))”", "digits of the exponent") }
    }
    if isWhole, let integer = Int(text()) { return .integer(integer) }
    guard let number = Double(text()), number.isFinite else { throw fault(text(), "a number of binary64") }
    return .number(number)
  }

  private mutating func takeDigits() -> Int {
    let start = position
    while let byte = next, isDigit(byte) { position += 1 }
    return position - start
  }

  private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private mutating func takeWord(_ word: String) -> Bool {
    guard bytes[position...].starts(with: word.utf8) else { return false }
    position += word.utf8.count
    return true
  }

  private var rest: String {
    String(decoding: bytes[position..<min(position + 60, bytes.count)], as: UTF8.self)
  }

  private func fault(_ finding: String, _ expectation: String) -> FormatError {
    let before = bytes[..<min(position, bytes.count)]
    let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let column = String(decoding: before[lineStart...], as: UTF8.self).unicodeScalars.count + 1
    let place = Place(source: source, line: before.count { $0 == 0x0A } + 1, column: column)
    return FormatError([Diagnostic(at: place, finding, expected: expectation)])
  }
}
