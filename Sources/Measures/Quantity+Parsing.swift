/// Why a text is not the quantity it should be.
package struct QuantityError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was found: "'800' has no unit".
  package var finding: String
  /// What was expected: "a frequency in Hz, kHz, MHz or GHz".
  package var expectation: String
  /// What to write instead.
  package var remedy: String

  package var description: String { "\(finding); expected \(expectation); \(remedy)" }
}

extension Quantity {
  /// "a frequency in Hz, kHz, MHz or GHz".
  package static var expectation: String {
    guard self != Cycles.self else { return kind }
    let symbols = writtenUnits.map(\.symbol)
    let list =
      symbols.count == 1
      ? symbols[0] : symbols.dropLast().joined(separator: ", ") + " or " + symbols[symbols.count - 1]
    return "\(kind) in \(list)"
  }

  /// Reads a number with its unit: "800 MHz", "0.2 pJ", "512 KiB".
  ///
  /// The prefix shifts the decimal before it is rounded, so "0.2 pJ" is the `Double` nearest to 2e-13. `µ` may be
  /// written `u`. Amounts of memory and cycles must come out whole, and at most 2^53.
  /// - Throws: ``QuantityError`` for a bare number, an unknown unit, or a unit of another quantity.
  package init(parsing text: String) throws(QuantityError) {
    let trimmed = text.trimmed
    let numberEnd = trimmed.numberEnd
    let number = trimmed[..<numberEnd]
    let symbol = trimmed[numberEnd...].drop(while: \.isWhitespace)
    func failure(_ finding: String, _ remedy: String = "write for example '\(Self.example)'") -> QuantityError
    {
      QuantityError(finding: finding, expectation: Self.expectation, remedy: remedy)
    }
    guard let decimal = DecimalNumber(parsing: number) else {
      throw failure(
        trimmed.isEmpty ? "the value is empty" : "'\(text.shortened)' is not a number with a unit")
    }
    guard !symbol.isEmpty else {
      let unit = WrittenUnit.first(ofExample: Self.example)
      throw failure("'\(text.shortened)' has no unit", "write for example '\(number) \(unit)'")
    }
    guard let unit = Self.writtenUnits.first(where: { $0.matches(symbol) }) else {
      throw failure(
        WrittenUnit.kind(of: symbol).map { "'\(text.shortened)' is \($0)" }
          ?? "'\(String(symbol).shortened)' is not a unit of \(Self.kind.withoutArticle)",
        WrittenUnit.advice(for: symbol, among: Self.writtenUnits) ?? "write for example '\(Self.example)'")
    }
    if Self.isWhole {
      guard let count = decimal.wholeValue(timesTenTo: unit.powerOfTen, timesTwoTo: unit.powerOfTwo) else {
        throw failure("'\(text.shortened)' is not a whole number of \(Self.unit) up to 2^53")
      }
      self.init(Double(count))
    } else {
      var value = decimal.value(timesTenTo: unit.powerOfTen)
      for _ in 0..<unit.powerOfTwo { value *= 2 }
      guard value.isFinite else { throw failure("'\(text.shortened)' is too large") }
      self.init(value)
    }
  }

  /// The quantity with the unit that suits it, such that parsing gives exactly this value again.
  package var exactText: String {
    if Self.isWhole, let binary = binaryText { return binary }
    guard let decimal = DecimalNumber(value) else { return "\(value) \(Self.unit)" }
    let units = Self.writtenUnits.filter { $0.powerOfTwo == 0 }
    let leading = decimal.digits.utf8.count + decimal.exponent
    let chosen = units.last { leading > $0.powerOfTen } ?? units.first
    guard let chosen, !decimal.digits.isEmpty else { return "0 \(Self.unit)" }
    return "\(decimal.text(timesTenTo: -chosen.powerOfTen)) \(chosen.symbol)"
  }

  /// Whole quantities in the largest binary unit that divides them.
  private var binaryText: String? {
    guard value.magnitude <= 0x1p53 else { return nil }
    let count = Int(value)
    if Self.writtenUnits.count == 2 { return "\(count) \(Self.writtenUnits[count == 1 ? 1 : 0].symbol)" }
    let unit = Self.writtenUnits.last { $0.powerOfTwo > 0 && count != 0 && count % (1 << $0.powerOfTwo) == 0 }
    return unit.map { "\(count >> $0.powerOfTwo) \($0.symbol)" } ?? "\(count) \(Self.unit)"
  }
}

extension WrittenUnit {
  /// Every quantity of this module, for saying what a unit of another quantity means.
  private static let quantities: [any Quantity.Type] = [
    Hertz.self, Seconds.self, Joules.self, Watts.self, Volts.self, BytesPerSecond.self, Bytes.self,
    Cycles.self,
  ]

  /// Whether `text` is this unit, with `u` or Greek mu in place of the micro sign allowed.
  func matches(_ text: some StringProtocol) -> Bool {
    if symbol == text { return true }
    guard symbol.hasPrefix("µ") else { return false }
    return text == "u" + symbol.dropFirst() || text == "\u{3BC}" + symbol.dropFirst()
  }

  /// What a unit measures, when it is one of another quantity.
  static func kind(of symbol: some StringProtocol) -> String? {
    quantities.first { $0.writtenUnits.contains { $0.matches(symbol) } }?.kind
  }

  /// The unit that was probably meant: the one that differs in case only.
  static func advice(for symbol: some StringProtocol, among units: [WrittenUnit]) -> String? {
    let lowercase = symbol.lowercased()
    let candidates = units.filter { $0.symbol.lowercased() == lowercase }
    if lowercase == "kb" || lowercase == "kb/s" {
      let suffix = lowercase.dropFirst(2)
      return "write 'KiB\(suffix)' for 1024 bytes or 'kB\(suffix)' for 1000"
    }
    guard !candidates.isEmpty else { return nil }
    return "did you mean '\(candidates.map(\.symbol).joined(separator: "' or '"))'?"
  }

  /// The unit of an example such as "800 MHz".
  static func first(ofExample example: String) -> Substring { example.split(separator: " ").last ?? "" }
}

extension String {
  fileprivate var trimmed: Substring {
    var rest = self[...]
    while let first = rest.first, first.isWhitespace { rest.removeFirst() }
    while let last = rest.last, last.isWhitespace { rest.removeLast() }
    return rest
  }

  /// At most 40 characters of what was written.
  fileprivate var shortened: String { count <= 40 ? self : prefix(39) + "…" }

  /// "frequency" of "a frequency".
  fileprivate var withoutArticle: Substring {
    self[...].drop { $0 != " " }.dropFirst()
  }
}

extension Substring {
  /// Where a leading number ends: digits, sign, point, and an exponent that is followed by digits.
  fileprivate var numberEnd: Index {
    var index = startIndex
    while index < endIndex {
      let character = self[index]
      let isExponent = character == "e" || character == "E"
      let isSign = character == "-" || character == "+"
      let before = index > startIndex ? self[self.index(before: index)] : nil
      if isExponent {
        let rest = self[self.index(after: index)...]
        guard before?.isASCIIDigit ?? false,
          rest.drop(while: { $0 == "-" || $0 == "+" }).first?.isASCIIDigit ?? false
        else { break }
      } else if isSign {
        guard before == nil || before == "e" || before == "E" else { break }
      } else if !(character.isASCIIDigit || character == ".") {
        break
      }
      index = self.index(after: index)
    }
    return index
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
