import Foundation
import Graphs
import Training

@testable import Networks

/// What became of one node test.
enum NodeTestOutcome: Hashable {
  /// The engine computed the graph of all inputs, or of those that are real numbers.
  case executed
  /// The importer computed the outputs, since nothing in the model depends on data that it does not know.
  case folded
  /// The importer or the engine refused the model.
  case unsupported(String)
  /// Outputs that differ from the test's and that ONNX Runtime gives as well, see ``NodeTestData/disputed``.
  case disputed
  /// Outputs that differ, or a crash of the rules: never expected.
  case failed(String)
}

extension NodeTestData {
  /// Imports the model and computes its outputs, with as few inputs fixed as the importer and the engine allow.
  ///
  /// The shape of a Reshape must follow from the file, so tests that feed it are tried with integer inputs written into
  /// the model, then with all but the first, then with all. Outputs that differ fail whichever way they came.
  func run() -> NodeTestOutcome {
    let first = inputs.first ?? nil
    let attempts: [(Onnx_TensorProto) -> Bool] = [
      { _ in false }, { !Self.isReal($0) }, { $0 != first }, { _ in true },
    ]
    var reasons: [String] = []
    for (index, fixes) in attempts.enumerated() {
      do {
        let graph = try fixing(fixes).graph(ONNXImportOptions(readsWeights: true))
        // A graph without nodes is what the importer computed.
        if graph.nodes.isEmpty, graph.constants.contains(where: { $0.bytes == nil }) {
          throw Unsupported(reason: "values that the importer does not compute")
        }
        if let difference = try difference(of: graph) {
          return Self.disputed.contains(name) ? .disputed : .failed(difference)
        }
        return graph.nodes.isEmpty && index == attempts.count - 1 ? .folded : .executed
      } catch let error as ONNXError {
        reasons.append(Self.reason(error))
      } catch let error as PlanError {
        reasons.append(Self.reason(error))
      } catch let error as Unsupported {
        reasons.append(error.reason)
      } catch {
        return .failed("\(error)")
      }
    }
    // The first reason that fixing inputs does not remove.
    return .unsupported(reasons.first { !$0.hasSuffix("that depend on the data") } ?? reasons[0])
  }

  /// Tests whose outputs ONNX Runtime 1.32 does not give either, but those that we give: an average pooling that counts
  /// elements beyond all padding, and integers that overflow where they should saturate.
  static let disputed: Set<String> = [
    "averagepool_3d_dilations_large_count_include_pad_is_1_ceil_mode_is_True",
    "qlinearmatmul_2D_int8_float32",
    "qlinearmatmul_3D_int8_float32",
  ]

  private struct Unsupported: Error { var reason: String }

  private static func isReal(_ tensor: Onnx_TensorProto) -> Bool {
    (try? ElementType(onnx: Int(tensor.dataType)))?.isFloatingPoint ?? false
  }

  /// Runs a graph and says where its outputs differ from those of the test.
  private func difference(of graph: Graph) throws -> String? {
    let execution = try Execution(Plan(graph, threads: 1))
    for (index, input) in graph.inputs.enumerated() {
      guard let place = model.graph.input.firstIndex(where: { $0.name == input.name }),
        let tensor = inputs[place]
      else { return "no data for input '\(input.name)'" }
      let literal = try Self.literal(tensor)
      switch literal.elements {
      case .reals(let values): try execution.write(values.map { Float($0) }, toInput: index)
      case .integers(let values):
        if literal.elementType == .bool {
          try execution.write(values.map { Float($0) }, toInput: index)
        } else {
          try execution.write(values, toInput: index)
        }
      }
    }
    execution.run()
    let names = model.graph.output.map(\.name).filter { !$0.isEmpty }
    for (index, output) in graph.outputs.enumerated() {
      guard let place = names.firstIndex(of: output.name), place < outputs.count else {
        return "no data for output '\(output.name)'"
      }
      let expected = try Self.literal(outputs[place])
      if expected.type != graph.type(of: output.value) {
        return "output '\(output.name)': found \(graph.type(of: output.value)), expected \(expected.type)"
      }
      if let difference = Self.difference(execution.output(index), expected) {
        return "output '\(output.name)': \(difference)"
      }
    }
    return nil
  }

  /// The first element that is further off than the tolerance of ONNX's own runner (relative 1e-3, absolute 1e-7).
  private static func difference(_ found: [Float], _ expected: Literal) -> String? {
    let expected = expected.reals
    guard found.count == expected.count else { return "\(found.count) elements, not \(expected.count)" }
    for (index, (found, expected)) in zip(found.map { Double($0) }, expected).enumerated() {
      if found == expected || (found.isNaN && expected.isNaN) { continue }
      // In single precision a number beyond the largest is infinite.
      if Float(expected).isInfinite, found == Double(Float(expected)) { continue }
      guard abs(found - expected) <= 1e-7 + 1e-3 * abs(expected) else {
        return "element \(index): found \(found), expected \(expected)"
      }
    }
    return nil
  }

  // MARK: Reasons

  private static func reason(_ error: ONNXError) -> String {
    switch error {
    case .version(_, _, let found): found.map { "operator set \($0)" } ?? "a domain of its own"
    case .unsupported(_, let nodes):
      "no row for "
        + nodes.map { $0.domain.isEmpty ? $0.type : "\($0.domain).\($0.type)" }
        .joined(separator: ", ")
    case .invalidNodes(_, let nodes): "\(nodes[0].type): \(nodes[0].found)"
    case .unboundInputs: "inputs of open extents"
    case .binding(_, _, let found, let expected):
      expected.contains("empty") ? "a tensor without elements" : found
    default: "\(error)"
    }
  }

  private static func reason(_ error: PlanError) -> String {
    // The place names this test's node; the kind of node is in parentheses.
    let kind = error.place.split(separator: "(").dropFirst().first?.prefix { $0 != ")" } ?? "engine"
    return "engine, \(kind): \(error.found)"
  }
}
