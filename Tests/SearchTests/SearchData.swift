import Formats
import Foundation
import Graphs
import Search

/// Public tables beside the checkout, or where JOULERY_DATA says.
enum SearchData {
  static var root: URL {
    if let path = ProcessInfo.processInfo.environment["JOULERY_DATA"] { return URL(filePath: path) }
    return URL(filePath: #filePath).appending(path: "../../../../shared/data").standardizedFileURL
  }

  static func has(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appending(path: path).path(percentEncoded: false))
  }

  static func text(_ path: String) throws -> String {
    let bytes = [UInt8](try Data(contentsOf: root.appending(path: path)))
    return String(
      decoding: Gzip.isCompressed(bytes) ? try Gzip.decompress(bytes, source: path) : bytes, as: UTF8.self)
  }

  static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: root.appending(path: path)))
  }

  /// The table of accuracies, read once for all tests.
  static let accuracies = Result {
    try NASBench201Table(
      csv: text("nb201/nb201_accuracy.csv.gz"), file: "nb201_accuracy.csv",
      columns: [
        "idx", "unique_id", "params_M", "macs_M", "c10_val200_mean", "c10_test200", "c10_test12",
        "c10_val12", "in16_test200", "in16_test12",
      ])
  }
}

/// A search space of which only the choices matter.
struct PlainSpace: SearchSpace {
  var name = "plain"
  var choices: [Choice]

  init(_ radices: [Int]) {
    choices = radices.enumerated().map { index, radix in
      Choice("choice \(index)", (0..<radix).map { "\($0)" })
    }
  }

  func canonicalForm(of architecture: Architecture) -> String { text(of: architecture) }

  func network(_ architecture: Architecture, batch: Int) throws(ShapeError) -> Graph { Graph(name: name) }
}
