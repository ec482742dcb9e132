/// Decompression of DEFLATE streams (RFC 1951).
struct Inflate {
  private let input: [UInt8]
  private var position: Int
  private var bits: UInt32 = 0
  private var bitCount = 0
  private var output: [UInt8] = []

  /// The stream ends too early or breaks the format.
  struct Fault: Error {
    var finding: String
  }

  private init(_ input: [UInt8], from position: Int, expected: Int) {
    self.input = input
    self.position = position
    output.reserveCapacity(min(expected, 1 << 30))
  }

  /// The decompressed bytes and where the stream ends.
  ///
  /// More than `limit` bytes are refused.
  static func decompress(
    _ input: [UInt8], from start: Int = 0, limit: Int
  ) throws(Fault) -> (bytes: [UInt8], end: Int) {
    var inflate = Inflate(input, from: start, expected: min(limit, 8 * (input.count - start)))
    while try !inflate.block(limit: limit) {}
    return (inflate.output, inflate.position)
  }

  /// Decompresses one block; true after the last one.
  private mutating func block(limit: Int) throws(Fault) -> Bool {
    let isLast = try take(1) == 1
    switch try take(2) {
    case 0: try stored(limit: limit)
    case 1: try compressed(Self.fixedLiterals, Self.fixedDistances, limit: limit)
    case 2:
      let (literals, distances) = try dynamicCodes()
      try compressed(literals, distances, limit: limit)
    default: throw Fault(finding: "a block of an unknown kind")
    }
    return isLast
  }

  private mutating func take(_ count: Int) throws(Fault) -> Int {
    while bitCount < count {
      guard position < input.count else { throw Fault(finding: "an end in the middle of the data") }
      bits |= UInt32(input[position]) << UInt32(bitCount)
      position += 1
      bitCount += 8
    }
    let value = Int(bits & ((1 << UInt32(count)) - 1))
    bits >>= UInt32(count)
    bitCount -= count
    return value
  }

  private mutating func stored(limit: Int) throws(Fault) {
    position -= bitCount / 8
    (bits, bitCount) = (0, 0)
    guard position + 4 <= input.count else { throw Fault(finding: "an end in the middle of the data") }
    let length = Int(input[position]) | Int(input[position + 1]) << 8
    let complement = Int(input[position + 2]) | Int(input[position + 3]) << 8
    position += 4
    guard length == complement ^ 0xFFFF else { throw Fault(finding: "a stored block with a wrong length") }
    guard position + length <= input.count else { throw Fault(finding: "an end in the middle of the data") }
    guard output.count + length <= limit else { throw Fault(finding: "more than \(limit) bytes") }
    output += input[position..<position + length]
    position += length
  }

  private mutating func compressed(_ literals: Code, _ distances: Code, limit: Int) throws(Fault) {
    while true {
      let symbol = try decode(literals)
      if symbol < 256 {
        guard output.count < limit else { throw Fault(finding: "more than \(limit) bytes") }
        output.append(UInt8(symbol))
        continue
      }
      if symbol == 256 { return }
      guard symbol < 286 else { throw Fault(finding: "an unknown length") }
      let length = Self.lengths[symbol - 257] + (try take(Self.lengthBits[symbol - 257]))
      let code = try decode(distances)
      guard code < 30 else { throw Fault(finding: "an unknown distance") }
      let distance = Self.distances[code] + (try take(Self.distanceBits[code]))
      guard distance <= output.count else { throw Fault(finding: "a distance before the start") }
      guard output.count + length <= limit else { throw Fault(finding: "more than \(limit) bytes") }
      let start = output.count - distance
      for index in 0..<length { output.append(output[start + index]) }
    }
  }

  /// A prefix code: the number of codes of each length, and the symbols in the order of their codes.
  private struct Code {
    var counts: [Int]
    var symbols: [Int]

    init(_ lengths: [Int]) {
      counts = Array(repeating: 0, count: 16)
      for length in lengths { counts[length] += 1 }
      counts[0] = 0
      var starts = [0]
      for length in 0..<15 { starts.append(starts[length] + counts[length]) }
      symbols = Array(repeating: 0, count: lengths.count)
      for (symbol, length) in lengths.enumerated() where length > 0 {
        symbols[starts[length]] = symbol
        starts[length] += 1
      }
    }
  }

  /// The next symbol, bit by bit: codes of one length are consecutive numbers.
  private mutating func decode(_ code: Code) throws(Fault) -> Int {
    var (value, first, index) = (0, 0, 0)
    for length in 1...15 {
      value |= try take(1)
      let count = code.counts[length]
      if value - first < count { return code.symbols[index + value - first] }
      index += count
      first = (first + count) << 1
      value <<= 1
    }
    throw Fault(finding: "a code that stands for nothing")
  }

  private mutating func dynamicCodes() throws(Fault) -> (Code, Code) {
    let literalCount = try take(5) + 257
    let distanceCount = try take(5) + 1
    let lengthCount = try take(4) + 4
    guard literalCount <= 286, distanceCount <= 30 else { throw Fault(finding: "too many codes") }
    var lengths = Array(repeating: 0, count: 19)
    for index in 0..<lengthCount { lengths[Self.lengthOrder[index]] = try take(3) }
    let lengthCode = Code(lengths)
    var all: [Int] = []
    while all.count < literalCount + distanceCount {
      let symbol = try decode(lengthCode)
      switch symbol {
      case 0..<16: all.append(symbol)
      case 16:
        guard let last = all.last else { throw Fault(finding: "a repetition of nothing") }
        for _ in 0..<(try take(2) + 3) { all.append(last) }
      case 17: for _ in 0..<(try take(3) + 3) { all.append(0) }
      default: for _ in 0..<(try take(7) + 11) { all.append(0) }
      }
    }
    guard all.count == literalCount + distanceCount else { throw Fault(finding: "too many codes") }
    return (Code(Array(all[..<literalCount])), Code(Array(all[literalCount...])))
  }

  private static let lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
  private static let lengths = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
    227, 258,
  ]
  private static let lengthBits = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  private static let distances = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073,
    4097, 6145,
    8193, 12289, 16385, 24577,
  ]
  private static let distanceBits = [
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
  ]
  private static let fixedLiterals = Code(
    Array(repeating: 8, count: 144) + Array(repeating: 9, count: 112) + Array(repeating: 7, count: 24)
      + Array(repeating: 8, count: 8))
  private static let fixedDistances = Code(Array(repeating: 5, count: 30))
}
