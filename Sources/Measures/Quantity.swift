/// A number with a physical meaning: it prints with its unit and never mixes with another quantity.
package protocol Quantity: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The unit in which ``value`` is held, as it is printed ("Hz", "J").
  static var unit: String { get }
  /// The magnitude in ``unit``.
  var value: Double { get }
  init(_ value: Double)
  /// What it is, with its article: "a frequency".
  static var kind: String { get }
  /// How one is written: "800 MHz".
  static var example: String { get }
  /// The units it may be written in, smallest first.
  static var writtenUnits: [WrittenUnit] { get }
  /// Whether only whole numbers of ``unit`` make sense.
  static var isWhole: Bool { get }
}

extension Quantity {
  package static var isWhole: Bool { false }
  package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
  package static func + (left: Self, right: Self) -> Self { Self(left.value + right.value) }
  package static func - (left: Self, right: Self) -> Self { Self(left.value - right.value) }
  package static func * (left: Self, right: Double) -> Self { Self(left.value * right) }
  package static func / (left: Self, right: Self) -> Double { left.value / right.value }
  package static func += (left: inout Self, right: Self) { left = left + right }
  package static var zero: Self { Self(0) }
}

/// A frequency in hertz.
package struct Hertz: Quantity {
  package static let unit = "Hz"
  package var value: Double
  package init(_ value: Double) { self.value = value }
}

/// A duration in seconds.
package struct Seconds: Quantity {
  package static let unit = "s"
  package var value: Double
  package init(_ value: Double) { self.value = value }
}

/// An energy in joules.
package struct Joules: Quantity {
  package static let unit = "J"
  package var value: Double
  package init(_ value: Double) { self.value = value }
}

/// A power in watts.
package struct Watts: Quantity {
  package static let unit = "W"
  package var value: Double
  package init(_ value: Double) { self.value = value }
}

/// An electric tension in volts.
package struct Volts: Quantity {
  package static let unit = "V"
  package var value: Double
  package init(_ value: Double) { self.value = value }
}

/// A rate of transfer in bytes per second.
package struct BytesPerSecond: Quantity {
  package static let unit = "B/s"
  package var value: Double
  package init(_ value: Double) { self.value = value }
}

/// An amount of memory in bytes.
package struct Bytes: Quantity {
  package static let unit = "B"
  /// The number of bytes; amounts of memory are whole.
  package var count: Int
  package var value: Double { Double(count) }
  package init(_ value: Double) { count = Int(value.rounded()) }
  package init(_ count: Int) { self.count = count }
}

/// A number of clock cycles; the context says of which clock.
package struct Cycles: Quantity {
  package static let unit = "cycles"
  package var count: Int
  package var value: Double { Double(count) }
  package init(_ value: Double) { count = Int(value.rounded()) }
  package init(_ count: Int) { self.count = count }
}
