import Foundation
import Testing

/// A Python with ONNX Runtime: the one that JOULERY_PYTHON names, or that scripts/fetch-onnx-tests makes.
enum PythonRuntime {
  private static let python =
    ProcessInfo.processInfo.environment["JOULERY_PYTHON"]
    ?? Program.sources.appending(path: ".cache/python/bin/python").path

  static var isThere: Bool { FileManager.default.isExecutableFile(atPath: python) }

  /// What a script prints.
  static func run(_ script: String, _ arguments: String...) throws -> String {
    let process = Foundation.Process()
    process.executableURL = URL(filePath: python)
    process.arguments = ["-c", script] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "the script failed")
    return String(decoding: output, as: UTF8.self)
  }
}
