/// One line on the terminal that says what is being done; nothing where standard error is no terminal.
struct StatusLine {
  private let isShown: Bool

  init(isQuiet: Bool) { isShown = StandardError.isTerminal && !isQuiet }

  /// Replaces the line.
  func show(_ text: String) {
    guard isShown else { return }
    StandardError.write("\r\u{1B}[K\(text.prefix(70))…")
  }

  /// Removes the line.
  func clear() {
    guard isShown else { return }
    StandardError.write("\r\u{1B}[K")
  }
}
