import Foundation
import Graphs
import Testing
import Training

/// Numbers of PyTorch in double precision; scripts/golden/networks.py writes the files.
struct GoldenFile {
  /// Values by kind and name, in the order of the file.
  private var lines: [(kind: String, name: String, value: Double)] = []

  init(_ name: String) throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = tests.appending(path: "Goldens/\(name).csv")
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst() {
      let fields = line.split(separator: ",").map(String.init)
      lines.append((fields[0], fields[1], try #require(Double(fields[2]))))
    }
  }

  /// All values of a kind.
  func values(_ kind: String) -> [Double] { lines.filter { $0.kind == kind }.map(\.value) }

  /// Names and values of a kind.
  func entries(_ kind: String) -> [(name: String, value: Double)] {
    lines.filter { $0.kind == kind }.map { ($0.name, $0.value) }
  }
}

/// The formulas from which both sides make weights and data.
enum GoldenValues {
  /// sin(0.7 i + phase) · scale.
  static func wave(_ count: Int, _ phase: Double, _ scale: Double = 1) -> [Float] {
    (0..<count).map { Float(sin(Double($0) * 0.7 + phase) * scale) }
  }

  /// Weights by name: waves within the bounds of the layer, scales around 1, shifts around 0.
  static func weights(of graph: Graph) -> [String: [Float]] {
    let constants = graph.constants.filter { $0.bytes == nil }.sorted { $0.name < $1.name }
    var values: [String: [Float]] = [:]
    for (index, constant) in constants.enumerated() {
      let (shape, phase, count) = (constant.type.shape, 0.37 * Double(index), constant.type.count)
      if constant.name.hasSuffix("running_mean") {
        values[constant.name] = Array(repeating: 0, count: count)
      } else if constant.name.hasSuffix("running_var") {
        values[constant.name] = Array(repeating: 1, count: count)
      } else if shape.count(where: { $0 > 1 }) < 2 {
        let start: Double = constant.name.hasSuffix(".weight") ? 1 : 0
        values[constant.name] = wave(count, phase, 0.2).map { Float(start + Double($0)) }
      } else {
        let bound = 1 / Double(shape.dropFirst().reduce(1, *)).squareRoot()
        values[constant.name] = wave(count, phase, bound)
      }
    }
    return values
  }

  /// Class numbers that look mixed.
  static func labels(_ count: Int, _ classes: Int) -> [Int] { (0..<count).map { $0 * 7 % 11 % classes } }
}
