/// How a user tiles one layer: what is on chip at once, in place of what the compiler would choose.
///
/// Two notations are read:
/// - Timeloop's: `L3[WIO] Q7 K2 - L2[WI] K16X - L1[O] K4 C16 Q2 C16X - L0[W] Q4 P56`. The outermost level holds the loops over
///   main memory, all others together the tile; `X` and `Y` mark loops that run in space.
/// - Gemmini's tile sizes: `R_S_P_Q_C_K_N`, as in `3_3_23_22_64_16_1`; a tile may be larger than the layer.
package struct ExplicitMapping: Hashable, Sendable {
  package var tile: LoopExtents
  /// Iterations over main memory; nil where they follow from tile and layer.
  package var outer: LoopExtents?
  /// The loops over main memory as they are written, the outermost first; loops that are not named lie outside of them.
  package var order: [LoopIndex] = []

  /// Reads a mapping in either notation.
  ///
  /// - Throws: ``CompileError`` of kind `mapping` that names the part which is not understood.
  package init(_ text: String) throws(CompileError) {
    self = text.contains("[") ? try Self.levels(of: text) : try Self.sizes(of: text)
  }

  private static func sizes(of text: String) throws(CompileError) -> ExplicitMapping {
    let order: [LoopIndex] = [
      .kernelRow, .kernelColumn, .column, .row, .inputChannel, .outputChannel, .batch,
    ]
    let parts = text.split(separator: "_", omittingEmptySubsequences: false)
    guard parts.count == order.count else {
      throw misread(
        text, found: "\(parts.count) sizes",
        expected: "seven, R_S_P_Q_C_K_N, or levels such as 'L1[O] K4 P16'")
    }
    var tile = LoopExtents()
    for (part, loop) in zip(parts, order) { tile[loop] = try size(part, in: text) }
    return ExplicitMapping(tile: tile, outer: nil)
  }

  private static func levels(of text: String) throws(CompileError) -> ExplicitMapping {
    var tile = LoopExtents()
    var outer = LoopExtents()
    var order: [LoopIndex] = []
    var last: Int?
    for level in text.split(separator: " - ", omittingEmptySubsequences: false) {
      let words = level.split(separator: " ")
      guard let heading = words.first, let number = number(ofLevel: heading) else {
        throw misread(
          text, found: "level '\(level)'", expected: "a level such as 'L1[O]' before its loops")
      }
      guard last.map({ number < $0 }) ?? true else {
        throw misread(
          text, found: "level L\(number) after L\(last ?? 0)", expected: "the outermost level first")
      }
      for word in words.dropFirst() {
        let (loop, factor) = try factor(word, in: text)
        let isOuter = last == nil
        let (product, overflows) = (isOuter ? outer : tile)[loop].multipliedReportingOverflow(by: factor)
        guard !overflows, product <= largestSize else {
          throw misread(text, found: "a product of \(loop.rawValue) beyond \(largestSize)", expected: "less")
        }
        if isOuter { outer[loop] = product } else { tile[loop] = product }
        if isOuter, !order.contains(loop) { order.append(loop) }
      }
      last = number
    }
    var mapping = ExplicitMapping(tile: tile, outer: outer)
    mapping.order = order
    return mapping
  }

  private init(tile: LoopExtents, outer: LoopExtents?) {
    self.tile = tile
    self.outer = outer
  }

  private static let largestSize = 1 << 30

  /// The number of a level's heading: 3 of `L3[WIO]`.
  private static func number(ofLevel heading: Substring) -> Int? {
    guard heading.first == "L", heading.last == "]", let bracket = heading.firstIndex(of: "[") else {
      return nil
    }
    return Int(heading[heading.index(after: heading.startIndex)..<bracket])
  }

  /// One loop of a level: `K16X`.
  private static func factor(
    _ word: Substring, in text: String
  ) throws(CompileError) -> (LoopIndex, Int) {
    guard let letter = word.first, let loop = LoopIndex(rawValue: String(letter)) else {
      throw misread(text, found: "loop '\(word)'", expected: "a letter of R S P Q C K N and a factor")
    }
    var digits = word.dropFirst()
    if digits.last == "X" || digits.last == "Y" { digits.removeLast() }
    return (loop, try size(digits, in: text))
  }

  private static func size(_ digits: Substring, in text: String) throws(CompileError) -> Int {
    guard let value = Int(digits), value > 0, value <= largestSize else {
      throw misread(text, found: "size '\(digits)'", expected: "a whole number from 1 to \(largestSize)")
    }
    return value
  }

  private static func misread(_ text: String, found: String, expected: String) -> CompileError {
    CompileError(
      .mapping, place: "mapping '\(text)'", found: found, expected: expected,
      remedy: "write for example '3_3_14_14_64_16_1' or 'L3[WIO] K4 - L2[WI] K16X - L1[O] P14 C4 C16X'")
  }
}
