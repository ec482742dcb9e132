import Measures

/// A share in percent with one decimal: "42.1 %"; a share of nothing is 0.
package func percent(_ part: Int, of whole: Int) -> String {
  percent(whole == 0 ? 0 : Double(part) / Double(whole))
}

/// A fraction in percent with one decimal: "42.1 %".
package func percent(_ fraction: Double) -> String {
  let tenths = Int((fraction * 1000).rounded())
  return "\(tenths < 0 ? "-" : "")\(tenths.magnitude / 10).\(tenths.magnitude % 10) %"
}

/// A count with its digits in groups of three, divided by thin space or, in plain text, by a blank: "1 814 073 344".
package func grouped(_ count: Int, separator: String = " ") -> String {
  let digits = Array(String(count.magnitude))
  var output = ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index).isMultiple(of: 3) { output += separator }
    output.append(digit)
  }
  return count < 0 ? "-" + output : output
}

/// A number with a fixed count of decimals: "0.0513".
package func fixed(_ number: Double, _ count: Int) -> String {
  guard number.isFinite, abs(number) < 1e9 else { return "\(number)" }
  var scale = 1
  for _ in 0..<count { scale *= 10 }
  let whole = Int((abs(number) * Double(scale)).rounded())
  let fraction = String(whole % scale)
  let zeros = String(repeating: "0", count: count - fraction.count)
  return "\(number < 0 && whole > 0 ? "-" : "")\(whole / scale).\(zeros)\(fraction)"
}
