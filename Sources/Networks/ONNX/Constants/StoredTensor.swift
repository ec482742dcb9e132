import Graphs

/// A tensor of the file: what it is and where its contents lie.
struct StoredTensor: Sendable {
  /// Where the contents are.
  enum Place: Sendable {
    /// Packed little-endian bytes.
    case bytes([UInt8])
    /// The typed fields of the message, for small tensors.
    case fields(Onnx_TensorProto)
    /// A range of the model's own file.
    case file(Range<Int>)
    /// A range of another file in the model's folder.
    case external(ExternalData)
  }

  var type: TensorType
  var place: Place

  /// Checks a tensor message against the file that it came from.
  init(
    _ message: Onnx_TensorProto, in folder: ExternalFolder, payloads: [Int: Int]
  ) throws(NodeFinding) {
    type = try Self.type(of: message)
    if message.dataLocation == .external {
      place = .external(try folder.data(of: message, byteCount: type.byteCount))
      return
    }
    // The file may bring these fields itself: only places that the reader noted count.
    if message.hasElidedOffset, let offset = Int(exactly: message.elidedOffset), let length = payloads[offset]
    {
      try Self.require(length, for: type)
      place = .file(offset..<offset + length)
    } else if message.hasRawData {
      try Self.require(message.rawData.count, for: type)
      place = .bytes([UInt8](message.rawData))
    } else {
      let count = Self.fieldCount(message, type.elementType)
      let expected = type.elementType.bits == 4 ? (type.count + 1) / 2 : type.count
      guard count == expected else {
        throw NodeFinding(found: "\(count) stored elements for \(type)", expected: "\(expected)")
      }
      place = .fields(message)
    }
  }

  private static func type(of message: Onnx_TensorProto) throws(NodeFinding) -> TensorType {
    let type = TensorType(
      message.dims.map { Int($0) }, try ElementType(onnx: Int(message.dataType)))
    try checkExtents(type)
    return type
  }

  /// Checks that no extent is negative and that the elements can be counted; 0 is allowed here.
  static func checkExtents(_ type: TensorType) throws(NodeFinding) {
    var count = 1
    for extent in type.shape {
      let (product, overflows) = count.multipliedReportingOverflow(by: Swift.max(extent, 1))
      guard extent >= 0, !overflows, product <= TensorType.maximumCount else {
        throw NodeFinding(found: "extents \(type.shape)", expected: "extents of 0 to 2^40 elements in all")
      }
      count = product
    }
    guard type.rank <= 64 else { throw NodeFinding(found: "\(type.rank) axes", expected: "at most 64") }
  }

  private static func require(_ length: Int, for type: TensorType) throws(NodeFinding) {
    guard length == type.byteCount else {
      throw NodeFinding(found: "\(length) bytes for \(type)", expected: "\(type.byteCount) bytes")
    }
  }

  /// Elements in the typed field that belongs to an element type.
  private static func fieldCount(_ message: Onnx_TensorProto, _ type: ElementType) -> Int {
    switch type {
    case .float32: message.floatData.count
    case .float64: message.doubleData.count
    case .int64: message.int64Data.count
    case .uint64, .uint32: message.uint64Data.count
    default: message.int32Data.count
    }
  }
}
