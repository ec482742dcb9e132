/// An array of bytes with its extents, in the format of the MNIST database.
///
/// Source: LeCun and Cortes, "The MNIST database", file formats.
package struct IDXArray: Hashable, Sendable {
  package var shape: [Int]
  package var elements: [UInt8]

  /// Reads a file, decompressed first where it is a gzip file.
  ///
  /// - Throws: ``FormatError`` for another format, other elements than unsigned bytes, or a file of the wrong size.
  package init(_ file: [UInt8], source: String) throws(FormatError) {
    let bytes = Gzip.isCompressed(file) ? try Gzip.decompress(file, source: source) : file
    func fault(_ finding: String, _ expectation: String) -> FormatError {
      FormatError([Diagnostic(at: Place(source: source), finding, expected: expectation)])
    }
    guard bytes.count >= 4, bytes[0] == 0, bytes[1] == 0, (1...8).contains(bytes[3]) else {
      throw fault(
        "a file that does not start as IDX files do", "an IDX file, such as train-images-idx3-ubyte")
    }
    guard bytes[2] == 8 else { throw fault("elements of type \(bytes[2])", "unsigned bytes (8)") }
    let rank = Int(bytes[3])
    guard bytes.count >= 4 + 4 * rank else { throw fault("a file that ends in its header", "a whole file") }
    shape = (0..<rank).map { axis in (0..<4).reduce(0) { $0 << 8 | Int(bytes[4 + 4 * axis + $1]) } }
    var count = 1
    for extent in shape {
      let (product, overflows) = count.multipliedReportingOverflow(by: extent)
      guard !overflows else { throw fault("extents \(shape)", "fewer elements") }
      count = product
    }
    elements = Array(bytes[(4 + 4 * rank)...])
    guard elements.count == count else {
      throw fault("\(elements.count) elements", "\(count) for \(shape)")
    }
  }
}
