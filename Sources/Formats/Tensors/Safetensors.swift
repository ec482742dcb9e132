/// Named tensors and a few texts, in the file format of Hugging Face's safetensors.
///
/// A file is a length (8 bytes, little endian), a JSON header of that length, and the elements of all tensors without
/// gaps. Source: https://github.com/huggingface/safetensors, "Format".
package struct Safetensors: Hashable, Sendable {
  /// Elements with their type and extents.
  package struct Tensor: Hashable, Sendable {
    package var name: String
    /// "F32", "I64" and so on, as the format spells them.
    package var elementType: String
    package var shape: [Int]
    /// Little endian, in row-major order.
    package var bytes: [UInt8]

    package init(name: String, elementType: String, shape: [Int], bytes: [UInt8]) {
      self.name = name
      self.elementType = elementType
      self.shape = shape
      self.bytes = bytes
    }

    /// A tensor of single-precision numbers.
    package init(name: String, shape: [Int], numbers: [Float]) {
      self.init(
        name: name, elementType: "F32", shape: shape,
        bytes: numbers.flatMap { number in
          let bits = number.bitPattern
          return (0..<4).map { UInt8(truncatingIfNeeded: bits >> ($0 * 8)) }
        })
    }

    /// The elements of a tensor of single-precision numbers; nil for another type.
    package var numbers: [Float]? {
      guard elementType == "F32" else { return nil }
      return bytes.withUnsafeBytes { buffer in
        (0..<buffer.count / 4).map {
          Float(
            bitPattern: UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)))
        }
      }
    }
  }

  /// In the order of their bytes in the file.
  package var tensors: [Tensor]
  /// Texts by name, in the order of the file.
  package var metadata: [JSONValue.Member]

  package init(tensors: [Tensor], metadata: [(name: String, text: String)] = []) {
    self.tensors = tensors
    self.metadata = metadata.map { .init($0.name, .string($0.text)) }
  }

  /// A text of the metadata.
  package func text(_ name: String) -> String? {
    metadata.first { $0.name == name }?.value.asString
  }

  /// Bytes of one element of each type that the format knows.
  static let sizes: [(type: String, bytes: Int)] = [
    ("BOOL", 1), ("U8", 1), ("I8", 1), ("F8_E5M2", 1), ("F8_E4M3", 1), ("I16", 2), ("U16", 2), ("F16", 2),
    ("BF16", 2), ("I32", 4), ("U32", 4), ("F32", 4), ("F64", 8), ("I64", 8), ("U64", 8),
  ]
}
