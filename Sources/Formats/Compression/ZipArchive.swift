/// The files of a ZIP archive (PKWARE APPNOTE 6.3), stored or deflated, not encrypted.
package struct ZipArchive: Sendable {
  /// One file of the archive.
  package struct Entry: Hashable, Sendable {
    package var name: String
    var method: Int
    var checksum: UInt32
    var compressedSize: Int
    var size: Int
    var headerOffset: Int
  }

  package let entries: [Entry]
  private let bytes: [UInt8]
  private let source: String

  /// Reads the directory at the end of the archive.
  ///
  /// - Throws: ``FormatError`` for what is no archive, or a broken one.
  package init(_ bytes: [UInt8], source: String) throws(FormatError) {
    self.bytes = bytes
    self.source = source
    let reader = LittleEndianBytes(bytes)
    func fault(_ finding: String) -> FormatError {
      FormatError([
        Diagnostic(
          at: Place(source: source), finding, expected: "a ZIP archive", remedy: "fetch the file again")
      ])
    }
    // The end record has 22 bytes and a comment of at most 64 KiB.
    let last = bytes.count - 22
    guard last >= 0,
      let end = stride(from: last, through: max(0, last - 65535), by: -1).first(where: {
        reader.number(at: $0, 4) == 0x0605_4B50
      }), let count = reader.number(at: end + 10, 2), var position = reader.number(at: end + 16, 4)
    else { throw fault("no directory at the end") }
    var entries: [Entry] = []
    for _ in 0..<count {
      guard reader.number(at: position, 4) == 0x0201_4B50, let method = reader.number(at: position + 10, 2),
        let checksum = reader.number(at: position + 16, 4),
        let compressed = reader.number(at: position + 20, 4),
        let size = reader.number(at: position + 24, 4), let nameLength = reader.number(at: position + 28, 2),
        let extraLength = reader.number(at: position + 30, 2),
        let commentLength = reader.number(at: position + 32, 2),
        let offset = reader.number(at: position + 42, 4), position + 46 + nameLength <= bytes.count
      else { throw fault("a broken directory") }
      let name = String(decoding: bytes[position + 46..<position + 46 + nameLength], as: UTF8.self)
      guard size != 0xFFFF_FFFF, compressed != 0xFFFF_FFFF, offset != 0xFFFF_FFFF else {
        throw fault("'\(name)' of 4 GiB or more")
      }
      entries.append(
        Entry(
          name: name, method: method, checksum: UInt32(checksum), compressedSize: compressed, size: size,
          headerOffset: offset))
      position += 46 + nameLength + extraLength + commentLength
    }
    self.entries = entries
  }

  /// The content of a file.
  ///
  /// - Throws: ``FormatError`` for a name that is not there, an unknown method, or broken data.
  package func contents(of name: String) throws(FormatError) -> [UInt8] {
    func fault(_ finding: String, _ expectation: String) -> FormatError {
      FormatError([Diagnostic(at: Place(source: source), finding, expected: expectation)])
    }
    guard let entry = entries.first(where: { $0.name == name }) else {
      throw fault("no file '\(name)'", "one of \(entries.map(\.name).joined(separator: ", "))")
    }
    let reader = LittleEndianBytes(bytes)
    guard reader.number(at: entry.headerOffset, 4) == 0x0403_4B50,
      let nameLength = reader.number(at: entry.headerOffset + 26, 2),
      let extraLength = reader.number(at: entry.headerOffset + 28, 2)
    else { throw fault("a broken header of '\(name)'", "a ZIP archive") }
    let start = entry.headerOffset + 30 + nameLength + extraLength
    guard start + entry.compressedSize <= bytes.count else {
      throw fault("an end inside '\(name)'", "a whole archive")
    }
    let content: [UInt8]
    switch entry.method {
    case 0: content = Array(bytes[start..<start + entry.compressedSize])
    case 8:
      do {
        content = try Inflate.decompress(bytes, from: start, limit: entry.size).bytes
      } catch {
        throw fault("\(error.finding) in '\(name)'", "a whole archive")
      }
    default: throw fault("compression method \(entry.method) of '\(name)'", "stored (0) or deflated (8)")
    }
    guard content.count == entry.size, CRC32.checksum(content) == entry.checksum else {
      throw fault("a wrong checksum of '\(name)'", "a whole archive")
    }
    return content
  }
}

/// Numbers inside bytes, the least significant byte first.
struct LittleEndianBytes {
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// A number of some bytes, or nil where they reach outside.
  func number(at position: Int, _ count: Int) -> Int? {
    guard position >= 0, position <= bytes.count - count else { return nil }
    return (0..<count).reduce(0) { $0 | Int(bytes[position + $1]) << (8 * $1) }
  }
}
