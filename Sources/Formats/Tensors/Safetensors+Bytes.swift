extension Safetensors {
  /// The largest header that is read, as in the reference implementation.
  static let largestHeader = 100_000_000

  /// The file: the same value always gives the same bytes.
  package var bytes: [UInt8] {
    var members: [JSONValue.Member] = []
    if !metadata.isEmpty { members.append(.init("__metadata__", .object(metadata))) }
    var end = 0
    for tensor in tensors {
      let start = end
      end += tensor.bytes.count
      members.append(
        .init(
          tensor.name,
          [
            "dtype": .string(tensor.elementType), "shape": .array(tensor.shape.map { .integer($0) }),
            "data_offsets": .array([.integer(start), .integer(end)]),
          ]))
    }
    var header = Array(JSONValue.object(members).line.utf8)
    // Elements start at a multiple of 8 bytes.
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + end)
    for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: header.count >> (shift * 8))) }
    bytes += header
    for tensor in tensors { bytes += tensor.bytes }
    return bytes
  }

  /// Reads a file.
  ///
  /// - Throws: ``FormatError`` for a file that is cut off, has a broken header, gaps or overlaps between tensors, or
  ///   elements of another number than the extents say.
  package init(_ bytes: [UInt8], source: String) throws(FormatError) {
    func fault(_ finding: String, _ expectation: String) -> FormatError {
      FormatError([
        Diagnostic(
          at: Place(source: source), finding, expected: expectation,
          remedy: "use a safetensors file that was written completely")
      ])
    }
    guard bytes.count >= 8, let length = LittleEndianBytes(bytes).number(at: 0, 8) else {
      throw fault("\(bytes.count) bytes", "a header behind 8 bytes of length")
    }
    guard length > 1, length <= Self.largestHeader, length <= bytes.count - 8 else {
      throw fault("a header of \(length) bytes in a file of \(bytes.count)", "a header that fits the file")
    }
    let header = try JSONReader.read(Array(bytes[8..<8 + length]), source: "\(source), header")
    guard case .object(let members) = header else { throw fault("a header that is no object", "an object") }
    var metadata: [JSONValue.Member] = []
    var entries: [(tensor: Tensor, start: Int, end: Int)] = []
    for member in members {
      if member.name == "__metadata__" {
        guard case .object(let texts) = member.value, texts.allSatisfy({ $0.value.asString != nil }) else {
          throw fault("metadata that are no texts", "an object of texts")
        }
        metadata = texts
        continue
      }
      let place = "tensor '\(excerpt(member.name))'"
      guard let type = member.value["dtype"]?.asString, let shape = member.value["shape"]?.asIntegers,
        let offsets = member.value["data_offsets"]?.asIntegers, offsets.count == 2,
        shape.allSatisfy({ $0 >= 0 })
      else { throw fault("\(place) without dtype, shape or data_offsets", "all three") }
      guard let size = Self.sizes.first(where: { $0.type == type })?.bytes else {
        throw fault(
          "\(place) of type '\(excerpt(type))'", "one of \(Self.sizes.map(\.type).joined(separator: ", "))")
      }
      var count = size
      for extent in shape {
        let (product, overflows) = count.multipliedReportingOverflow(by: extent)
        guard !overflows else { throw fault("\(place) of extents \(shape)", "fewer elements") }
        count = product
      }
      guard offsets[0] >= 0, offsets[1] >= offsets[0], offsets[1] - offsets[0] == count else {
        throw fault("\(place) at \(offsets)", "\(count) bytes for \(type) \(shape)")
      }
      guard offsets[1] <= bytes.count - 8 - length else {
        throw fault("\(place) up to byte \(offsets[1]) of \(bytes.count - 8 - length)", "a whole file")
      }
      entries.append(
        (Tensor(name: member.name, elementType: type, shape: shape, bytes: []), offsets[0], offsets[1]))
    }
    entries.sort { ($0.start, $0.end) < ($1.start, $1.end) }
    var end = 0
    for entry in entries {
      guard entry.start == end else {
        throw fault(
          "tensor '\(excerpt(entry.tensor.name))' from byte \(entry.start)",
          "byte \(end), without gap or overlap")
      }
      end = entry.end
    }
    guard end == bytes.count - 8 - length else {
      throw fault("\(bytes.count - 8 - length - end) bytes behind the last tensor", "none")
    }
    self.metadata = metadata
    tensors = entries.map { entry in
      var tensor = entry.tensor
      tensor.bytes = Array(bytes[8 + length + entry.start..<8 + length + entry.end])
      return tensor
    }
  }
}
