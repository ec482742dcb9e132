/// Copies the wire format of a model without its large weights, so that decoding costs what the structure
/// costs and not what the weights weigh.
///
/// A payload above ``threshold`` is replaced by its place in the file (two fields of our own, see
/// `onnx.proto`); ``payloads`` tells real places from fields that the file itself brings. Messages that are
/// smaller than the threshold cannot hold such a payload and are copied as they are. Encoding of the wire
/// format: https://protobuf.dev/programming-guides/encoding
struct WeightElision {
  /// Payloads above this many bytes stay in the file.
  static let threshold = 4096
  /// Graphs nest in attributes of nodes; deeper nesting is refused.
  static let deepestNesting = 64

  /// Which message a range holds, as far as it matters for finding tensors.
  enum Message {
    case model, graph, node, attribute, function, tensor, sparseTensor

    /// The message in a field of this message, nil where no tensor can lie beneath.
    func child(_ field: UInt64) -> Message? {
      switch (self, field) {
      case (.model, 7): .graph
      case (.model, 25): .function
      case (.graph, 1), (.function, 7): .node
      case (.graph, 5): .tensor
      case (.graph, 15): .sparseTensor
      case (.node, 5), (.function, 11): .attribute
      case (.attribute, 5): .tensor
      case (.attribute, 6): .graph
      case (.sparseTensor, 1), (.sparseTensor, 2): .tensor
      default: nil
      }
    }
  }

  /// What is wrong with the bytes.
  struct Damage: Error, Hashable {
    var found: String
    var expected: String
  }

  private static let elidedOffset: UInt64 = 536_870_900
  private static let elidedLength: UInt64 = 536_870_901

  /// The encoded model without its large payloads.
  private(set) var structure: [UInt8] = []
  /// Lengths of the payloads left in the file, by their offsets.
  private(set) var payloads: [Int: Int] = [:]

  /// Takes the bytes of a whole file.
  init(_ bytes: UnsafeRawBufferPointer) throws(Damage) {
    var output: [UInt8] = []
    output.reserveCapacity(min(bytes.count, 1 << 18))
    try copy(bytes, 0..<bytes.count, as: .model, depth: 0, into: &output)
    structure = output
  }

  private mutating func copy(
    _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, as message: Message, depth: Int,
    into output: inout [UInt8]
  ) throws(Damage) {
    guard depth < Self.deepestNesting else {
      throw Damage(found: "messages nested deeper than \(Self.deepestNesting)", expected: "a model's nesting")
    }
    var cursor = range.lowerBound
    while cursor < range.upperBound {
      let start = cursor
      let tag = try Self.varint(bytes, &cursor, end: range.upperBound)
      let field = tag >> 3
      switch tag & 7 {
      case 0: _ = try Self.varint(bytes, &cursor, end: range.upperBound)
      case 1: cursor = try Self.skip(8, from: cursor, end: range.upperBound, at: start)
      case 5: cursor = try Self.skip(4, from: cursor, end: range.upperBound, at: start)
      case 2:
        let length = try Self.varint(bytes, &cursor, end: range.upperBound)
        let body = cursor
        cursor = try Self.skip(length, from: cursor, end: range.upperBound, at: start)
        if length > Self.threshold {
          if message == .tensor, Self.isPayload(field) {
            payloads[body] = Int(length)
            Self.appendPlace(of: body, length: length, to: &output)
            continue
          }
          if let child = message.child(field) {
            var nested: [UInt8] = []
            try copy(bytes, body..<cursor, as: child, depth: depth + 1, into: &nested)
            Self.append(tag, to: &output)
            Self.append(UInt64(nested.count), to: &output)
            output.append(contentsOf: nested)
            continue
          }
        }
      default:
        throw Damage(found: "wire type \(tag & 7) at byte \(start)", expected: "a protobuf field of ONNX")
      }
      output.append(contentsOf: bytes[start..<cursor])
    }
  }

  /// `raw_data`, and the packed forms that have the same bytes as `raw_data`.
  private static func isPayload(_ field: UInt64) -> Bool { field == 9 || field == 4 || field == 10 }

  private static func appendPlace(of offset: Int, length: UInt64, to output: inout [UInt8]) {
    append(elidedOffset << 3, to: &output)
    append(UInt64(offset), to: &output)
    append(elidedLength << 3, to: &output)
    append(length, to: &output)
  }

  private static func append(_ value: UInt64, to output: inout [UInt8]) {
    var rest = value
    while rest > 0x7f {
      output.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    output.append(UInt8(rest))
  }

  private static func varint(
    _ bytes: UnsafeRawBufferPointer, _ cursor: inout Int, end: Int
  ) throws(Damage) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while cursor < end, shift < 64 {
      let byte = bytes[cursor]
      cursor += 1
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw Damage(found: "a number cut off at byte \(cursor)", expected: "a complete ONNX file")
  }

  private static func skip(
    _ length: UInt64, from cursor: Int, end: Int, at start: Int
  ) throws(Damage) -> Int {
    guard length <= UInt64(end - cursor) else {
      throw Damage(
        found: "a field of \(length) bytes at byte \(start) with \(end - cursor) bytes left",
        expected: "a complete ONNX file")
    }
    return cursor + Int(length)
  }
}
