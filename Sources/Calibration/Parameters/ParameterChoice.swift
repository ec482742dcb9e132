import Formats
import Hardware
import Measures

extension HardwareTemplate {
  /// The parameters that a fit is to change.
  ///
  /// - Parameters:
  ///   - keys: The keys that the user named; empty for those of the file's section `calibration`, or the usual ones.
  ///   - timing: Whether times were measured.
  ///   - energy: Whether energies or powers were measured.
  /// - Throws: ``CalibrationError`` for keys that are no numbers, and ranges that make no sense.
  package func parameters(
    _ keys: [String], timing: Bool, energy: Bool
  ) throws(CalibrationError) -> [Parameter] {
    let usual = UsualParameters.ranges(for: self, timing: true, energy: true)
    let written = model.calibration.parameters
    let ranges: [ParameterRange]
    if !keys.isEmpty {
      var chosen: [ParameterRange] = []
      for key in keys { chosen.append(try range(named: key, written: written, usual: usual)) }
      ranges = chosen
    } else if !written.isEmpty {
      ranges = written
    } else {
      ranges = UsualParameters.ranges(for: self, timing: timing, energy: energy)
    }
    var diagnostics: [Diagnostic] = []
    var parameters: [Parameter] = []
    for range in ranges {
      do throws(Diagnostic) {
        parameters.append(try parameter(range))
      } catch {
        diagnostics.append(error)
      }
    }
    guard diagnostics.isEmpty else { throw CalibrationError(.badInput, diagnostics) }
    // A key that says nothing of what was measured cannot be fitted, and stays as it is.
    return parameters.filter { $0.isEnergy ? energy : timing }
  }

  /// The range of a key: of the file, the usual one, or around the present value.
  private func range(
    named key: String, written: [ParameterRange], usual: [ParameterRange]
  ) throws(CalibrationError) -> ParameterRange {
    if let range = written.first(where: { $0.key == key }) ?? usual.first(where: { $0.key == key }) {
      return range
    }
    guard HardwareKeys.entry(for: key) != nil else {
      throw CalibrationError(
        .badInput,
        Diagnostic(
          at: Place(source: "--fit \(key)"), "'\(excerpt(key))' is not a key of a hardware file",
          expected: "a key that is a number",
          remedy: HardwareKeys.suggestion(for: key).map { "did you mean '\($0)'?" }))
    }
    guard let number = number(at: key) else {
      throw CalibrationError(
        .badInput,
        Diagnostic(
          at: Place(source: "--fit \(key)"), "'\(excerpt(key))' is not a number",
          expected: "a key that is one number"))
    }
    return ParameterRange(
      key: key, lower: number.with(number.value / 4).text, upper: number.with(max(4, number.value * 4)).text)
  }

  private func parameter(_ range: ParameterRange) throws(Diagnostic) -> Parameter {
    let place = Place(source: "\(path): calibration.parameters.\(range.key)")
    guard let lower = WrittenNumber(parsing: range.lower), let upper = WrittenNumber(parsing: range.upper)
    else {
      throw Diagnostic(
        at: place, "'\(excerpt(range.lower)) … \(excerpt(range.upper))' are not two numbers",
        expected: "values as the key itself is written")
    }
    guard var before = number(at: range.key) ?? (range.key == EnergyActions.clockKey ? lower : nil) else {
      throw Diagnostic(
        at: place, "'\(excerpt(range.key))' is not a number", expected: "a key that is one number")
    }
    if before.kind == .number || lower.kind == .number { before.kind = .number }
    guard lower.value < upper.value else {
      throw Diagnostic(
        at: place, "the range \(range.lower) … \(range.upper) is empty", expected: "'from' below 'to'",
        remedy: "swap the two")
    }
    guard before.value >= lower.value * (1 - 1e-9), before.value <= upper.value * (1 + 1e-9) else {
      throw Diagnostic(
        at: place, "\(before.text) lies outside of \(range.lower) … \(range.upper)",
        expected: "a range around the written value", remedy: "widen the range, or change the value")
    }
    for text in [range.lower, range.upper] {
      do throws(HardwareError) {
        _ = try model(["\(range.key)=\(text)"])
      } catch {
        throw Diagnostic(
          at: place, "'\(excerpt(text))' cannot be set: \(error.diagnostics.first?.finding ?? "")",
          expected: error.diagnostics.first?.expectation, remedy: error.diagnostics.first?.remedy)
      }
    }
    let isRate = [.frequency, .bandwidth].contains(before.kind)
    return Parameter(
      key: range.key, before: before, lower: lower, upper: upper, spread: range.spread,
      isLogarithmic: isRate && lower.value > 0)
  }
}
