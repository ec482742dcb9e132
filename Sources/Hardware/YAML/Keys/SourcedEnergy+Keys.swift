import Formats
import Measures
import Records

extension EnergyTable.Sourced {
  /// A number with the sentence that says where it comes from.
  ///
  /// An override may give the bare quantity: its source is then the command line.
  static func codec(_ range: ClosedRange<Amount>) -> Codec<Self> {
    let amount = Codec<Amount>.quantity(range)
    let record = Record(
      blank: Self(.zero, source: ""),
      [
        .required("value", \.amount, amount, "The number with its unit."),
        .required("source", \.source, .text, "Where the number comes from."),
      ])
    let sourced = record.codec
    return Codec(
      sourced.shape,
      decode: { node, decoding in
        if node.isOverride, case .scalar = node.content {
          return amount.decode(node, &decoding).map { Self($0, source: node.place.source) }
        }
        return sourced.decode(node, &decoding)
      },
      encode: sourced.encode)
  }
}
