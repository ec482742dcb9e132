import Foundation

/// Runs the program that was built beside these tests, in a folder of its own.
struct Program {
  /// The folder in which it runs; gone with ``remove()``.
  let folder: URL
  /// What it finds in its environment besides the usual.
  var settings: [String: String] = [:]

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "joulery-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  /// What a run wrote and how it ended.
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String
  }

  /// Where the sources of the project are.
  static let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The built program: it lies beside the bundle of the tests.
  static let binary = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appending(path: "joulery")

  static let environment: [String: String] = {
    var environment = ProcessInfo.processInfo.environment
    environment["JOULERY_HWMODELS"] = sources.appending(path: "hwmodels").path
    environment["XDG_CACHE_HOME"] = FileManager.default.temporaryDirectory.path
    return environment
  }()

  /// Starts the program; its output goes to files of the folder that is not listed by ``files``.
  func start(_ arguments: [String], output: FileHandle, errors: FileHandle) throws -> Process {
    let process = Process()
    process.executableURL = Self.binary
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = Self.environment.merging(settings) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    return process
  }

  /// Runs the program to its end.
  func callAsFunction(_ arguments: String...) throws -> Outcome { try run(arguments) }

  func run(_ arguments: [String]) throws -> Outcome {
    let texts = FileManager.default.temporaryDirectory.appending(path: "joulery-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: texts, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: texts) }
    let (output, errors) = (texts.appending(path: "out"), texts.appending(path: "err"))
    for file in [output, errors] { try Data().write(to: file) }
    let process = try start(
      arguments, output: FileHandle(forWritingTo: output), errors: FileHandle(forWritingTo: errors))
    process.waitUntilExit()
    return Outcome(
      status: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
      output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
  }

  /// The names of all files in the folder, sorted.
  var files: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
  }

  func write(_ bytes: Data, to name: String) throws { try bytes.write(to: folder.appending(path: name)) }
  func write(_ text: String, to name: String) throws { try write(Data(text.utf8), to: name) }
  func read(_ name: String) throws -> Data { try Data(contentsOf: folder.appending(path: name)) }
}
