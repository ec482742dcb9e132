/// Files compressed by gzip (RFC 1952).
package enum Gzip {
  /// Whether bytes start as such a file does.
  package static func isCompressed(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

  /// The content of a file of one member.
  ///
  /// - Throws: ``FormatError`` for a broken or truncated file, a wrong checksum, or more than `limit` bytes.
  package static func decompress(
    _ bytes: [UInt8], source: String, limit: Int = 1 << 31
  ) throws(FormatError) -> [UInt8] {
    func fault(_ finding: String, _ expectation: String) -> FormatError {
      FormatError([
        Diagnostic(at: Place(source: source), finding, expected: expectation, remedy: "fetch the file again")
      ])
    }
    guard bytes.count >= 18, isCompressed(bytes), bytes[2] == 8 else {
      throw fault("a file that does not start as gzip's do", "a gzip file")
    }
    var position = 10
    let flags = bytes[3]
    if flags & 4 != 0 { position += 2 + Int(bytes[10]) + Int(bytes[11]) << 8 }
    // The original name, then a comment, each ended by a zero.
    for flag: UInt8 in [8, 16] where flags & flag != 0 {
      while position < bytes.count, bytes[position] != 0 { position += 1 }
      position += 1
    }
    if flags & 2 != 0 { position += 2 }
    guard position + 8 <= bytes.count else { throw fault("a file that ends in its header", "a whole file") }
    let result: (bytes: [UInt8], end: Int)
    do {
      result = try Inflate.decompress(bytes, from: position, limit: limit)
    } catch {
      throw fault(error.finding, "a whole gzip file")
    }
    guard result.end + 8 <= bytes.count else {
      throw fault("a file that ends before its checksum", "a whole file")
    }
    let expected = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[result.end + $1]) << UInt32(8 * $1) }
    let found = CRC32.checksum(result.bytes)
    guard found == expected else { throw fault("a checksum of \(found)", "\(expected)") }
    return result.bytes
  }
}

/// The checksum of gzip and ZIP files (polynomial 0xEDB88320).
package enum CRC32 {
  package static func checksum(_ bytes: [UInt8]) -> UInt32 {
    let table = (0..<256).map { index -> UInt32 in
      (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }
    return ~bytes.reduce(~UInt32(0)) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ ($0 >> 8) }
  }
}
