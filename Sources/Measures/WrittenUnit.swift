/// A unit in which a quantity may be written: `MHz` is 10^6 Hz, `KiB` is 2^10 B.
package struct WrittenUnit: Hashable, Sendable {
  package var symbol: String
  package var powerOfTen: Int
  package var powerOfTwo: Int

  package init(_ symbol: String, tenTo powerOfTen: Int = 0, twoTo powerOfTwo: Int = 0) {
    self.symbol = symbol
    self.powerOfTen = powerOfTen
    self.powerOfTwo = powerOfTwo
  }

  /// Decimal prefixes, smallest first.
  static let decimalPrefixes: [(String, Int)] = [
    ("f", -15), ("p", -12), ("n", -9), ("µ", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12),
  ]
  /// Binary prefixes, smallest first.
  static let binaryPrefixes: [(String, Int)] = [("Ki", 10), ("Mi", 20), ("Gi", 30), ("Ti", 40)]

  /// `base` with the decimal prefixes from 10^`least` to 10^`most`.
  static func decimal(_ base: String, from least: Int, to most: Int) -> [WrittenUnit] {
    decimalPrefixes.filter { (least...most).contains($0.1) }.map { WrittenUnit($0.0 + base, tenTo: $0.1) }
  }

  /// `base` with the binary prefixes.
  static func binary(_ base: String) -> [WrittenUnit] {
    binaryPrefixes.map { WrittenUnit($0.0 + base, twoTo: $0.1) }
  }
}

extension Hertz {
  package static let kind = "a frequency"
  package static let example = "800 MHz"
  package static let writtenUnits = WrittenUnit.decimal("Hz", from: 0, to: 9)
}

extension Seconds {
  package static let kind = "a duration"
  package static let example = "20 ns"
  package static let writtenUnits = WrittenUnit.decimal("s", from: -12, to: 0)
}

extension Joules {
  package static let kind = "an energy"
  package static let example = "0.2 pJ"
  package static let writtenUnits = WrittenUnit.decimal("J", from: -15, to: 0)
}

extension Watts {
  package static let kind = "a power"
  package static let example = "1.5 mW"
  package static let writtenUnits = WrittenUnit.decimal("W", from: -9, to: 3)
}

extension Volts {
  package static let kind = "a voltage"
  package static let example = "0.8 V"
  package static let writtenUnits = WrittenUnit.decimal("V", from: -3, to: 0)
}

extension BytesPerSecond {
  package static let kind = "a bandwidth"
  package static let example = "12.8 GB/s"
  package static let writtenUnits =
    WrittenUnit.decimal("B/s", from: 0, to: 12) + WrittenUnit.binary("B/s")
}

extension Bytes {
  package static let kind = "an amount of memory"
  package static let example = "512 KiB"
  package static let isWhole = true
  package static let writtenUnits = WrittenUnit.decimal("B", from: 0, to: 12) + WrittenUnit.binary("B")
}

extension Cycles {
  package static let kind = "a number of cycles"
  package static let example = "8 cycles"
  package static let isWhole = true
  package static let writtenUnits = [WrittenUnit("cycles"), WrittenUnit("cycle")]
}
