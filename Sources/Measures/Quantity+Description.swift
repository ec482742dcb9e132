extension Quantity {
  /// The quantity in engineering form with its unit, four significant digits: "12.8 GB/s", "0.2 pJ".
  package var description: String { engineering(value, unit: Self.unit) }
}

extension Bytes {
  /// The amount with a binary prefix: "512 KiB".
  package var description: String {
    let prefixes = ["B", "KiB", "MiB", "GiB", "TiB"]
    var magnitude = Double(count)
    var index = 0
    while magnitude.magnitude >= 1024, index < prefixes.count - 1 {
      magnitude /= 1024
      index += 1
    }
    return "\(shortest(magnitude, digits: 4)) \(prefixes[index])"
  }
}

extension Cycles {
  /// The exact count: "1234 cycles".
  package var description: String { "\(count) cycles" }
}

/// A number with an SI prefix such that its magnitude lies in 1 ..< 1000.
package func engineering(_ value: Double, unit: String) -> String {
  guard value != 0, value.isFinite else { return "\(shortest(value, digits: 4)) \(unit)" }
  let prefixes = ["f", "p", "n", "µ", "m", "", "k", "M", "G", "T", "P"]
  var index = 5
  var magnitude = value
  while magnitude.magnitude >= 999.95, index < prefixes.count - 1 {
    magnitude /= 1000
    index += 1
  }
  while magnitude.magnitude < 0.99995, index > 0 {
    magnitude *= 1000
    index -= 1
  }
  return "\(shortest(magnitude, digits: 4)) \(prefixes[index])\(unit)"
}

/// A decimal with at most `digits` significant digits and no trailing zeros.
package func shortest(_ value: Double, digits: Int) -> String {
  guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
  var integerDigits = 1
  var magnitude = value.magnitude
  while magnitude >= 10 {
    magnitude /= 10
    integerDigits += 1
  }
  var leadingZeros = 0
  magnitude = value.magnitude
  while magnitude < 1, leadingZeros < 12 {
    magnitude *= 10
    leadingZeros += 1
  }
  let decimals = max(0, leadingZeros > 0 ? digits - 1 + leadingZeros : digits - integerDigits)
  var scale = 1.0
  for _ in 0..<decimals { scale *= 10 }
  guard value.magnitude < 0x1p53 else { return "\(value)" }
  let rounded = (value * scale).rounded() / scale
  guard decimals > 0 else { return "\(Int(rounded))" }
  let whole = Int(rounded.magnitude)
  var fraction = "\(Int(((rounded.magnitude - Double(whole)) * scale).rounded()))"
  fraction = String(repeating: "0", count: max(0, decimals - fraction.count)) + fraction
  while fraction.hasSuffix("0") { fraction.removeLast() }
  let sign = value < 0 ? "-" : ""
  return fraction.isEmpty ? "\(sign)\(whole)" : "\(sign)\(whole).\(fraction)"
}
