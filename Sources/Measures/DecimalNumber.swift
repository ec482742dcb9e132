/// A decimal number as it is written, so that a change of prefix never rounds: digits × 10^exponent.
package struct DecimalNumber: Hashable, Sendable {
  package var isNegative: Bool
  /// Decimal digits without leading or trailing zeros; empty for zero.
  package var digits: String
  /// The power of ten that scales ``digits`` read as a whole number.
  package var exponent: Int

  /// Reads `12`, `-0.25` or `1.5e-3`; nothing else is a number.
  package init?(parsing text: some StringProtocol) {
    var rest = String(text).utf8[...]
    isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    var written: [UInt8] = []
    exponent = 0
    var digitCount = 0
    var sawPoint = false
    while let byte = rest.first {
      if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
        written.append(byte)
        digitCount += 1
        if sawPoint { exponent -= 1 }
      } else if byte == UInt8(ascii: "."), !sawPoint, digitCount > 0 {
        sawPoint = true
      } else {
        break
      }
      rest.removeFirst()
    }
    guard digitCount > 0, digitCount <= 40, !(sawPoint && exponent == 0) else { return nil }
    if let marker = rest.first, marker == UInt8(ascii: "e") || marker == UInt8(ascii: "E") {
      guard let power = Int(Substring(rest.dropFirst())), power.magnitude <= 400 else { return nil }
      exponent += power
    } else if !rest.isEmpty {
      return nil
    }
    while written.first == UInt8(ascii: "0") { written.removeFirst() }
    while written.last == UInt8(ascii: "0") {
      written.removeLast()
      exponent += 1
    }
    if written.isEmpty { exponent = 0 }
    digits = String(decoding: written, as: UTF8.self)
  }

  /// The shortest decimal that reads back as `value`; nil when it is not finite.
  package init?(_ value: Double) {
    guard value.isFinite else { return nil }
    self.init(parsing: "\(value)")
  }

  /// The nearest `Double` to this number × 10^`power`, rounded once.
  package func value(timesTenTo power: Int = 0) -> Double {
    guard !digits.isEmpty else { return 0 }
    return Double("\(isNegative ? "-" : "")\(digits)e\(exponent + power)") ?? .infinity
  }

  /// This number × 10^`power` × 2^`shift` when that is whole and at most 2^53, else nil.
  package func wholeValue(timesTenTo power: Int = 0, timesTwoTo shift: Int = 0) -> Int? {
    guard !digits.isEmpty else { return 0 }
    guard digits.utf8.count <= 18, var result = Int(digits) else { return nil }
    func multiply(by factor: Int, times: Int) -> Bool {
      for _ in 0..<times {
        let (product, overflow) = result.multipliedReportingOverflow(by: factor)
        guard !overflow else { return false }
        result = product
      }
      return true
    }
    let tens = exponent + power
    guard tens <= 18, multiply(by: 2, times: shift), multiply(by: 10, times: max(0, tens)) else { return nil }
    for _ in 0..<max(0, -tens) {
      guard result % 10 == 0 else { return nil }
      result /= 10
    }
    guard result <= 1 << 53 else { return nil }
    return isNegative ? -result : result
  }

  /// Plain decimal notation of this number × 10^`power`, without an exponent: `0.00025`, `1200`.
  package func text(timesTenTo power: Int = 0) -> String {
    guard !digits.isEmpty else { return "0" }
    let scale = exponent + power
    let sign = isNegative ? "-" : ""
    if scale >= 0 { return sign + digits + String(repeating: "0", count: scale) }
    let point = digits.count + scale
    if point <= 0 { return "\(sign)0.\(String(repeating: "0", count: -point))\(digits)" }
    return "\(sign)\(digits.prefix(point)).\(digits.dropFirst(point))"
  }
}
