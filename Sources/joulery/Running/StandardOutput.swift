import FoundationEssentials
import Glibc
import Reports

/// Where results go.
enum StandardOutput {
  /// What the reader of standard output can show: `NO_COLOR`, `TERM`, `COLUMNS` and the locale are heeded.
  static var style: TerminalStyle {
    let environment = ProcessInfo.processInfo.environment
    guard isatty(STDOUT_FILENO) == 1 else { return .plain }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    let name = locale.lowercased()
    let noColor = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    return TerminalStyle(
      width: environment["COLUMNS"].flatMap { Int($0) } ?? columns,
      usesColor: !noColor && environment["TERM"] != "dumb",
      usesUnicode: name.contains("utf-8") || name.contains("utf8"))
  }

  private static var columns: Int {
    var size = winsize()
    return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 100
  }

  /// Writes a result.
  ///
  /// - Throws: ``Failure`` of status `output` where it cannot be written.
  static func write(_ text: String) throws {
    var text = text
    try text.withUTF8 { buffer in
      var rest = UnsafeRawBufferPointer(buffer)[...]
      while !rest.isEmpty {
        let count = Glibc.write(STDOUT_FILENO, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else {
          throw Failure(.output, "standard output: cannot be written: \(String(cString: strerror(errno)))")
        }
        rest = rest.dropFirst(count)
      }
    }
  }
}
