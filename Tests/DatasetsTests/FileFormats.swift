import Formats
import Testing

/// Files of arrays and their compression, against what Python wrote.
struct FileFormats {
  @Test func `a gzip file of an array of bytes is read`() throws {
    let array = try IDXArray(Files.idx, source: "images")
    #expect(array.shape == [2, 2, 3])
    #expect(array.elements == Array(0..<12))
  }

  @Test func `fixed and dynamic codes are decoded`() throws {
    let sentence = try Gzip.decompress(Files.fixed, source: "fixed")
    #expect(
      String(decoding: sentence, as: UTF8.self)
        == String(repeating: "stripes and stripes and more stripes, ", count: 20))
    let letters = try Gzip.decompress(Files.dynamic, source: "dynamic")
    #expect(letters.count == 300)
    #expect(CRC32.checksum(letters) == Files.dynamicChecksum)
  }

  @Test(arguments: 1..<60)
  func `a truncated file is refused, wherever it ends`(_ missing: Int) {
    for file in [Files.idx, Files.fixed, Files.dynamic] where file.count > missing {
      #expect(throws: FormatError.self) { try Gzip.decompress(Array(file.dropLast(missing)), source: "file") }
    }
  }

  @Test func `a changed byte is noticed`() {
    for place in 12..<Files.dynamic.count {
      var file = Files.dynamic
      file[place] ^= 0x10
      // The last four bytes are the length, which the checksum makes redundant.
      guard place < file.count - 4 else { continue }
      #expect(throws: FormatError.self) { try Gzip.decompress(file, source: "file") }
    }
  }

  @Test func `arrays of an archive are read`() throws {
    let archive = try ZipArchive(Files.npz, source: "arrays.npz")
    #expect(archive.entries.map(\.name) == ["floats.npy", "ints.npy"])
    let floats = try NPYArray(archive.contents(of: "floats.npy"), source: "floats")
    #expect(floats.shape == [2, 2])
    #expect(floats.elements == .numbers([1.5, -2, 0.25, 8]))
    let integers = try NPYArray(archive.contents(of: "ints.npy"), source: "ints")
    #expect(integers.shape == [3])
    #expect(integers.elements == .integers([-1, 2, 70000]))
  }

  @Test func `broken files are refused with what was found`() throws {
    func message(_ body: () throws -> Void) -> String {
      do {
        try body()
        return "nothing"
      } catch { return "\(error)" }
    }
    let archive = try ZipArchive(Files.npz, source: "arrays.npz")
    #expect(
      message { _ = try archive.contents(of: "x") }
        == "arrays.npz: no file 'x'; expected one of floats.npy, ints.npy")
    #expect(
      message { _ = try ZipArchive([1, 2, 3], source: "a.npz") }
        == "a.npz: no directory at the end; expected a ZIP archive; fetch the file again")
    #expect(
      message { _ = try Gzip.decompress([1, 2, 3], source: "a.gz") }
        == "a.gz: a file that does not start as gzip's do; expected a gzip file; fetch the file again")
    #expect(
      message { _ = try IDXArray([0, 0, 13, 1, 0, 0, 0, 1, 5], source: "a") }
        == "a: elements of type 13; expected unsigned bytes (8)")
    #expect(
      message { _ = try IDXArray([0, 0, 8, 1, 0, 0, 0, 2, 5], source: "a") }
        == "a: 1 elements; expected 2 for [2]")
    #expect(
      message { _ = try IDXArray([1, 2, 3, 4], source: "a") }
        == "a: a file that does not start as IDX files do; expected an IDX file, such as train-images-idx3-ubyte"
    )
    #expect(
      message { _ = try NPYArray([1, 2, 3], source: "a") }
        == "a: a file that does not start as numpy's arrays do; expected an NPY file")
  }
}
