import ArgumentParser
import Formats
import Foundation
import Search

/// Where the public tables lie, and how they are read.
struct DataOptions: ParsableArguments {
  @Option(help: "The folder of public data.")
  var data: String

  func bytes(_ path: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: "\(self.data)/\(path)") else {
      throw ValidationError("\(self.data)/\(path): no such file; set --data")
    }
    let bytes = [UInt8](data)
    return Gzip.isCompressed(bytes) ? try Gzip.decompress(bytes, source: path) : bytes
  }

  func text(_ path: String) throws -> String { String(decoding: try bytes(path), as: UTF8.self) }

  /// Columns of a table of NAS-Bench-201 in the order of the space.
  func columns(_ path: String, _ names: [String]) throws -> [[Double]] {
    let table = try NASBench201Table(csv: text(path), file: path, columns: names)
    return try names.map { name in
      guard let values = table.values(name) else { throw ValidationError("\(path): \(name) has gaps") }
      return values
    }
  }
}

extension JSONValue {
  /// Writes a document to standard output.
  func write() { print(text, terminator: "") }

  static func numbers(_ values: [Double]) -> JSONValue { .array(values.map { .number($0) }) }
}

extension Array where Element == Double {
  /// The place of the largest, the first of equals.
  var strongest: Int { indices.reduce(0) { self[$1] > self[$0] ? $1 : $0 } }
  var average: Double { reduce(0, +) / Double(count) }
  /// The standard deviation of the population from which these were drawn.
  var deviation: Double {
    let mean = average
    return count > 1 ? (reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)).squareRoot() : 0
  }
}
