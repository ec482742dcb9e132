/// An array of numpy (NEP 1, format versions 1 to 3): numbers in row-major order.
package struct NPYArray: Hashable, Sendable {
  package var shape: [Int]
  package var elements: Elements

  /// Whole numbers, or real ones.
  package enum Elements: Hashable, Sendable {
    case integers([Int])
    case numbers([Double])
  }

  /// The elements as real numbers.
  package var numbers: [Double] {
    switch elements {
    case .integers(let integers): integers.map { Double($0) }
    case .numbers(let numbers): numbers
    }
  }

  /// Reads a file.
  ///
  /// - Throws: ``FormatError`` for another format, an element type that is no number, column-major order, or a wrong size.
  package init(_ bytes: [UInt8], source: String) throws(FormatError) {
    func fault(_ finding: String, _ expectation: String) -> FormatError {
      FormatError([Diagnostic(at: Place(source: source), finding, expected: expectation)])
    }
    let reader = LittleEndianBytes(bytes)
    guard bytes.starts(with: [0x93] + Array("NUMPY".utf8)), bytes.count >= 12 else {
      throw fault("a file that does not start as numpy's arrays do", "an NPY file")
    }
    let wide = bytes[6] >= 2
    guard let length = reader.number(at: 8, wide ? 4 : 2), (wide ? 12 : 10) + length <= bytes.count else {
      throw fault("a file that ends in its header", "a whole file")
    }
    let start = (wide ? 12 : 10) + length
    let header = String(decoding: bytes[(wide ? 12 : 10)..<start], as: UTF8.self)
    guard let type = Self.text(after: "'descr': '", upTo: "'", in: header),
      let shapeText = Self.text(after: "'shape': (", upTo: ")", in: header)
    else { throw fault("a header without type or shape", "'descr' and 'shape'") }
    guard header.contains("'fortran_order': False") else {
      throw fault("column-major order", "row-major order")
    }
    var shape: [Int] = []
    for part in shapeText.split(separator: ",").map({ $0.filter { $0 != " " } }) where !part.isEmpty {
      guard let extent = Int(part), extent >= 0 else { throw fault("shape (\(shapeText))", "whole numbers") }
      shape.append(extent)
    }
    var count = 1
    for extent in shape {
      let (product, overflows) = count.multipliedReportingOverflow(by: extent)
      guard !overflows else { throw fault("shape (\(shapeText))", "fewer elements") }
      count = product
    }
    let code = type.drop { $0 == "<" || $0 == "|" || $0 == "=" }
    guard let kind = code.first, let size = Int(code.dropFirst()), "iubf".contains(kind),
      [1, 2, 4, 8].contains(size),
      kind != "f" || size >= 4
    else {
      throw fault("elements of type '\(type)'", "little-endian integers, truth values, float32 or float64")
    }
    guard bytes.count - start == count * size else {
      throw fault("\(bytes.count - start) bytes", "\(count) elements of \(size)")
    }
    let words = (0..<count).map { index in
      (0..<size).reduce(UInt64(0)) { $0 | UInt64(bytes[start + index * size + $1]) << UInt64(8 * $1) }
    }
    self.shape = shape
    switch (kind, size) {
    case ("f", 4): elements = .numbers(words.map { Double(Float(bitPattern: UInt32($0))) })
    case ("f", _): elements = .numbers(words.map { Double(bitPattern: $0) })
    case ("i", _):
      let shift = UInt64(64 - 8 * size)
      elements = .integers(words.map { Int(Int64(bitPattern: $0 << shift) >> Int64(shift)) })
    default:
      guard words.allSatisfy({ $0 <= UInt64(Int.max) }) else {
        throw fault("integers past 2^63", "smaller ones")
      }
      elements = .integers(words.map { Int($0) })
    }
  }

  private static func text(after prefix: String, upTo end: Character, in header: String) -> String? {
    var rest = header[...]
    while !rest.isEmpty {
      if rest.hasPrefix(prefix) { return String(rest.dropFirst(prefix.count).prefix { $0 != end }) }
      rest = rest.dropFirst()
    }
    return nil
  }
}
