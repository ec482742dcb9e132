import Formats
import Hardware
import Measures

/// A number as hardware files write it, with or without a unit: what it is worth, and how to write another one like it.
struct WrittenNumber: Hashable, Sendable {
  /// What the number is of.
  enum Kind: String, Hashable, Sendable {
    case frequency, duration, energy, power, bandwidth, bytes, cycles, whole, number
  }
  var kind: Kind
  /// In the kind's own unit: Hz, s, J, W, B/s, B, cycles.
  var value: Double

  /// Reads a number; nil for any other text.
  init?(parsing text: String) {
    if let value = Int(text) {
      self.init(.whole, Double(value))
    } else if let value = Double(text), value.isFinite {
      self.init(.number, value)
    } else if let value = try? Cycles(parsing: text) {
      self.init(.cycles, value.value)
    } else if let value = try? Hertz(parsing: text) {
      self.init(.frequency, value.value)
    } else if let value = try? Seconds(parsing: text) {
      self.init(.duration, value.value)
    } else if let value = try? Joules(parsing: text) {
      self.init(.energy, value.value)
    } else if let value = try? Watts(parsing: text) {
      self.init(.power, value.value)
    } else if let value = try? BytesPerSecond(parsing: text) {
      self.init(.bandwidth, value.value)
    } else if let value = try? Bytes(parsing: text) {
      self.init(.bytes, value.value)
    } else {
      return nil
    }
  }

  init(_ kind: Kind, _ value: Double) {
    self.kind = kind
    self.value = value
  }

  /// Whether only whole numbers can be written.
  var isWhole: Bool { kind == .cycles || kind == .bytes || kind == .whole }

  /// Another value of the same kind, as it can be written: whole, or with four significant digits.
  func with(_ value: Double) -> WrittenNumber {
    WrittenNumber(
      kind, isWhole ? value.rounded() : Double(shortest(value, digits: 4, scaledBy: kind)) ?? value)
  }

  /// The text for a hardware file.
  var text: String {
    switch kind {
    case .frequency: engineering(value, unit: "Hz")
    case .duration: engineering(value, unit: "s")
    case .energy: engineering(value, unit: "J")
    case .power: engineering(value, unit: "W")
    case .bandwidth: engineering(value, unit: "B/s")
    case .bytes: "\(Int(value)) B"
    case .cycles: value == 1 ? "1 cycle" : "\(Int(value)) cycles"
    case .whole: "\(Int(value))"
    case .number: Measures.shortest(value, digits: 4)
    }
  }
}

/// The value with so many significant digits; numbers with a unit are cut by their text, which has prefixes.
private func shortest(_ value: Double, digits: Int, scaledBy kind: WrittenNumber.Kind) -> String {
  guard kind != .number else { return Measures.shortest(value, digits: digits) }
  guard let written = WrittenNumber(parsing: WrittenNumber(kind, value).text) else { return "\(value)" }
  return "\(written.value)"
}
