/// A key of a recipe: declared once; reading, writing, checks, messages and documentation come from it.
package struct SettingKey: Sendable {
  package let name: String
  /// What it does, in one sentence.
  package let sentence: String
  /// What may be written: "a number from 0 to 1".
  package let expectation: String
  let read: @Sendable (inout TrainingSettings, String) -> Bool
  let write: @Sendable (TrainingSettings) -> String

  /// The value of some settings as it would be written.
  package func text(in settings: TrainingSettings) -> String { write(settings) }

  /// Sets the value; false where the text is not what is expected.
  package func set(_ text: String, in settings: inout TrainingSettings) -> Bool { read(&settings, text) }
}

extension SettingKey {
  typealias Path<Number> = any (WritableKeyPath<TrainingSettings, Number> & Sendable)

  /// A whole number of a range.
  static func integer(_ name: String, _ path: Path<Int>, _ range: ClosedRange<Int>, _ sentence: String)
    -> SettingKey
  {
    SettingKey(
      name: name, sentence: sentence,
      expectation: "a whole number from \(range.lowerBound) to \(range.upperBound)",
      read: { settings, text in
        guard let number = Int(text), range.contains(number) else { return false }
        settings[keyPath: path] = number
        return true
      }, write: { "\($0[keyPath: path])" })
  }

  /// A number of a range.
  static func number(
    _ name: String, _ path: Path<Double>, _ range: ClosedRange<Double>, _ sentence: String
  ) -> SettingKey {
    SettingKey(
      name: name, sentence: sentence,
      expectation: "a number from \(plain(range.lowerBound)) to \(plain(range.upperBound))",
      read: { settings, text in
        guard let number = Double(text), range.contains(number) else { return false }
        settings[keyPath: path] = number
        return true
      }, write: { plain($0[keyPath: path]) })
  }

  /// Yes or no.
  static func flag(_ name: String, _ path: Path<Bool>, _ sentence: String) -> SettingKey {
    SettingKey(
      name: name, sentence: sentence, expectation: "true or false",
      read: { settings, text in
        guard let flag = Bool(text) else { return false }
        settings[keyPath: path] = flag
        return true
      }, write: { "\($0[keyPath: path])" })
  }

  /// One of several words.
  static func choice<Choice: RawRepresentable & CaseIterable & Sendable>(
    _ name: String, _ path: Path<Choice>, _ sentence: String
  ) -> SettingKey where Choice.RawValue == String {
    SettingKey(
      name: name, sentence: sentence,
      expectation: "one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))",
      read: { settings, text in
        guard let choice = Choice(rawValue: text) else { return false }
        settings[keyPath: path] = choice
        return true
      }, write: { $0[keyPath: path].rawValue })
  }

  /// A number without a fraction that says nothing.
  static func plain(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
  }
}
