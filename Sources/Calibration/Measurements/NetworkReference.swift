import Formats
import FoundationEssentials
import Graphs
import Networks

/// A network as a row names it: an ONNX file, beside the measurements or from the current directory, or a built-in one.
struct NetworkReference: Hashable, Sendable {
  var name: String
  /// Extents of the input, batch first or left out: "3x299x299".
  var input: String
  var batch: Int

  /// Reads or builds the network.
  /// - Throws: ``Diagnostic`` at `place`.
  func graph(besides folder: String, at place: Place) throws(Diagnostic) -> Graph {
    do {
      if name.hasSuffix(".onnx") { return try onnx(besides: folder, at: place) }
      guard let network = BuiltInNetworks.named(name) else {
        let near = nearest(to: name, among: BuiltInNetworks.all.map(\.name))
        throw Diagnostic(
          at: place, "there is no built-in network '\(excerpt(name))'",
          expected: "an ONNX file, or a name of 'joulery list networks'",
          remedy: near.map { "did you mean '\($0)'?" })
      }
      return try network.graph(batch: batch, inputShape: try extents(at: place))
    } catch let diagnostic as Diagnostic {
      throw diagnostic
    } catch {
      throw Diagnostic(at: place, "\(error)")
    }
  }

  private func onnx(besides folder: String, at place: Place) throws -> Graph {
    let beside = folder.isEmpty || name.hasPrefix("/") ? name : "\(folder)/\(name)"
    let path = FileManager.default.fileExists(atPath: beside) ? beside : name
    guard FileManager.default.fileExists(atPath: path) else {
      throw Diagnostic(
        at: place, "there is no file '\(excerpt(name))'",
        expected: "an ONNX file, beside the measurements or from the current directory")
    }
    let model = try ONNXModel(contentsOf: path)
    return try model.graph(ONNXImportOptions(bindings: [:], batch: batch == 1 ? nil : batch))
  }

  private func extents(at place: Place) throws(Diagnostic) -> [Int]? {
    guard !input.isEmpty else { return nil }
    let parts = input.split(separator: "x", omittingEmptySubsequences: false)
    let extents = parts.compactMap { Int($0) }
    guard extents.count == parts.count, extents.allSatisfy({ $0 > 0 }) else {
      throw Diagnostic(
        at: place, "input: '\(excerpt(input))' is no shape", expected: "extents such as 3x299x299")
    }
    return extents
  }
}
