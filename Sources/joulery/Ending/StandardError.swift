import FoundationEssentials
import Glibc

/// Everything that is not the result: messages and progress.
enum StandardError {
  static let isTerminal = isatty(STDERR_FILENO) == 1

  /// Writes a text; what cannot be written is lost, as there is nowhere left to say so.
  static func write(_ text: String) {
    let bytes = Array(text.utf8)
    var offset = 0
    while offset < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(STDERR_FILENO, $0.baseAddress! + offset, bytes.count - offset)
      }
      guard count > 0 else { return }
      offset += count
    }
  }
}
