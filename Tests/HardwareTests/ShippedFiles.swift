import Formats
import Foundation
import Hardware

/// The files of `hwmodels` in this checkout.
enum ShippedFiles {
  static let folder: String = {
    var url = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { url.deleteLastPathComponent() }
    return url.appendingPathComponent("hwmodels").path
  }()

  static let library = HardwareLibrary(searchPath: [folder])

  static func text(_ name: String) throws -> String {
    try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
  }

  /// Writes a generated file anew when `JOULERY_UPDATE` is set; its text as committed.
  static func committed(_ name: String, generated: String) throws -> String {
    if ProcessInfo.processInfo.environment["JOULERY_UPDATE"] != nil {
      try generated.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }
    return try text(name)
  }
}
