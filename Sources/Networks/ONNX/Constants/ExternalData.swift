import FoundationEssentials

/// A range of bytes in a file beside the model.
struct ExternalData: Hashable, Sendable {
  var path: String
  var range: Range<Int>
}

/// The folder of a model, out of which no external data may lead.
///
/// Source: ONNX specification, "External Tensor Data".
struct ExternalFolder: Sendable {
  var path: String

  /// The folder that a model's path lies in.
  init(ofModelAt modelPath: String) {
    path = URL(filePath: modelPath).deletingLastPathComponent().path(percentEncoded: false)
  }

  /// The place that a tensor names, checked: inside the folder, in a file that is long enough.
  func data(of tensor: Onnx_TensorProto, byteCount: Int) throws(NodeFinding) -> ExternalData {
    var entries: [String: String] = [:]
    for entry in tensor.externalData { entries[entry.key] = entry.value }
    guard let location = entries["location"], !location.isEmpty else {
      throw NodeFinding(found: "external data without a location", expected: "a file beside the model")
    }
    let components = location.split(whereSeparator: { $0 == "/" || $0 == "\\" })
    guard !location.hasPrefix("/"), !location.hasPrefix("\\"), !components.contains("..") else {
      throw NodeFinding(found: "external data at '\(location)'", expected: "a path inside the model's folder")
    }
    let file = URL(filePath: path).appending(path: location).resolvingSymlinksInPath()
    let folder = URL(filePath: path.isEmpty ? "." : path).resolvingSymlinksInPath()
    let resolved = file.path(percentEncoded: false)
    let inside = folder.path(percentEncoded: false)
    guard resolved.hasPrefix(inside.hasSuffix("/") ? inside : inside + "/") else {
      throw NodeFinding(
        found: "external data at '\(location)', a link out of the folder",
        expected: "a file inside the model's folder")
    }
    let offset = try number(entries["offset"], or: 0, "offset")
    let length = try number(entries["length"], or: byteCount, "length")
    guard length == byteCount else {
      throw NodeFinding(found: "\(length) bytes of external data", expected: "\(byteCount)")
    }
    guard let size = FileBytes.length(of: resolved) else {
      throw NodeFinding(
        found: "no file '\(location)' beside the model", expected: "the external data that it refers to")
    }
    guard offset <= size, length <= size - offset else {
      throw NodeFinding(
        found: "\(length) bytes from \(offset) in '\(location)', which has \(size)",
        expected: "a range inside the file")
    }
    return ExternalData(path: resolved, range: offset..<offset + length)
  }

  private func number(_ text: String?, or standard: Int, _ key: String) throws(NodeFinding) -> Int {
    guard let text else { return standard }
    guard let value = Int(text), value >= 0 else {
      throw NodeFinding(found: "external data with \(key) '\(text)'", expected: "a number of bytes")
    }
    return value
  }
}
