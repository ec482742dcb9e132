import Foundation
import Graphs
import Testing

@testable import Networks

/// ONNX Runtime, run by scripts/run-onnx on models that a test writes.
enum ONNXRuntime {
  /// A model and its operands.
  struct Case {
    var model: Data
    var graph: Graph
    var inputs: [ReferenceTensor]
  }

  /// What came of a case.
  enum Outcome {
    case outputs([ReferenceTensor])
    case error(String)
  }

  private static var checkout: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
  }

  /// The Python that JOULERY_PYTHON names, or that scripts/fetch-onnx-tests makes.
  private static var python: String {
    ProcessInfo.processInfo.environment["JOULERY_PYTHON"]
      ?? checkout.appending(path: ".cache/python/bin/python").path
  }

  static var isThere: Bool { FileManager.default.isExecutableFile(atPath: python) }

  /// Runs all cases in one process; `isPlain` keeps the runtime from fusing operators.
  static func run(_ cases: [Case], isPlain: Bool = false) throws -> [Outcome] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "onnx-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let places = cases.indices.map { folder.appending(path: String(format: "%04d", $0)) }
    for (item, place) in zip(cases, places) {
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      try item.model.write(to: place.appending(path: "model.onnx"))
      for (index, input) in item.inputs.enumerated() {
        let type = item.graph.inputs[index].type
        try Data(input.literal(type).bytes).write(to: place.appending(path: "input_\(index).bin"))
      }
    }
    let process = Foundation.Process()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments =
      [checkout.appending(path: "scripts/run-onnx").path] + (isPlain ? ["--plain"] : []) + [folder.path]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "scripts/run-onnx failed")
    return try zip(cases, places).map { item, place in
      if let error = try? String(contentsOf: place.appending(path: "error.txt"), encoding: .utf8) {
        return .error(error)
      }
      return .outputs(
        try item.graph.outputs.indices.map { index in
          let bytes = try Data(contentsOf: place.appending(path: "output_\(index).f64"))
          let shape = try String(contentsOf: place.appending(path: "output_\(index).txt"), encoding: .utf8)
            .split(separator: " ").compactMap { Int($0) }
          let type = TensorType(shape, .float64)
          return ReferenceTensor(shape, Literal(bytes: [UInt8](bytes), type: type).reals)
        })
    }
  }
}

extension ReferenceTensor {
  /// The elements in the format of a type.
  fileprivate func literal(_ type: TensorType) -> Literal {
    type.elementType.isFloatingPoint
      ? Literal(elements, shape: type.shape, type.elementType)
      : Literal(elements.map { Int($0) }, shape: type.shape, type.elementType)
  }
}

extension ReferenceTensor {
  /// The largest difference to another tensor, relative to the largest element of that; infinite for another shape.
  func distance(to other: ReferenceTensor) -> Double {
    guard shape == other.shape else { return .infinity }
    let scale = other.elements.filter(\.isFinite).reduce(1e-3) { max($0, abs($1)) }
    return zip(elements, other.elements).reduce(0) { worst, pair in
      if pair.0 == pair.1 || (pair.0.isNaN && pair.1.isNaN) { return worst }
      let difference = abs(pair.0 - pair.1) / scale
      return max(worst, difference.isNaN ? .infinity : difference)
    }
  }
}
