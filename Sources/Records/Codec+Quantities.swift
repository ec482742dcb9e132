import Formats
package import Measures

/// A decimal number that is finite.
package func parsedDecimal(_ text: String) -> Double? {
  let value = DecimalNumber(parsing: text)?.value()
  return value.flatMap { $0.isFinite ? $0 : nil }
}

extension Codec {
  /// A number with its unit, within a range.
  package static func quantity(_ range: ClosedRange<Value>) -> Codec where Value: Quantity {
    let shape = Shape.quantity(
      kind: Value.kind, range: rangeText(range),
      example: Value.example,
      units: Value.writtenUnits.map(\.symbol))
    return Codec(
      shape,
      decode: { node, decoding in
        guard let (text, _) = decoding.scalar(node, expected: shape.summary) else { return nil }
        do throws(QuantityError) {
          let value = try Value(parsing: text)
          guard range.contains(value) else {
            decoding.refuse(at: node.place, "'\(excerpt(text))' is out of range", expected: shape.summary)
            return nil
          }
          return value
        } catch {
          decoding.refuse(at: node.place, error.finding, expected: error.expectation, remedy: error.remedy)
          return nil
        }
      },
      encode: { .plain($0.exactText) })
  }
}

/// "1 … 16 B", or with both units when they differ: "1 MHz … 10 GHz".
private func rangeText(_ range: ClosedRange<some Quantity>) -> String {
  let lower = range.lowerBound.exactText.split(separator: " ")
  let upper = range.upperBound.exactText.split(separator: " ")
  let shareUnit = lower.last == upper.last || (range.lowerBound.value <= 1 && lower.last == "cycle")
  let isZero = range.lowerBound.value == 0
  return
    "\(shareUnit || isZero ? String(lower[0]) : range.lowerBound.exactText) … \(range.upperBound.exactText)"
}

extension Codec where Value == Int {
  /// An amount of memory that the model holds as a number of bytes.
  package static func bytes(_ range: ClosedRange<Int>) -> Codec {
    Codec<Bytes>.quantity(Bytes(range.lowerBound)...Bytes(range.upperBound)).mapped(
      to: \.count, from: { Bytes($0) })
  }

  /// A duration that the model holds as a number of cycles.
  package static func cycles(_ range: ClosedRange<Int>) -> Codec {
    Codec<Cycles>.quantity(Cycles(range.lowerBound)...Cycles(range.upperBound)).mapped(
      to: \.count, from: { Cycles($0) })
  }
}

extension Codec {
  /// The same written form for another type.
  package func mapped<Other: Hashable & Sendable>(
    to transform: @escaping @Sendable (Value) -> Other, from inverse: @escaping @Sendable (Other) -> Value
  ) -> Codec<Other> {
    Codec<Other>(
      shape, decode: { node, decoding in decode(node, &decoding).map(transform) },
      encode: { encode(inverse($0)) })
  }
}
