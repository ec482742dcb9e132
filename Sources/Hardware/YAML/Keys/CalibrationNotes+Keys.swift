import Formats
import Records

extension CalibrationNotes {
  /// The keys of the section `calibration`.
  static let record = Record(
    blank: CalibrationNotes(),
    [
      .optional(
        "parameters", \.parameters, ParameterRange.codec, default: [],
        "Keys that 'calibrate' may change, with their range; the usual ones where none is given."),
      .optional(
        "outcome", \.outcome, .orNone(CalibrationOutcome.record.codec), default: nil,
        "What the last calibration found; 'calibrate' writes it."),
    ])
}

extension ParameterRange {
  private static let record = Record(
    blank: ParameterRange(key: "", lower: "", upper: ""),
    [
      .required("from", \.lower, .text, "The least value that the key may take."),
      .required("to", \.upper, .text, "The largest value that the key may take."),
      .optional(
        "spread", \.spread, .number(0...10, excludesLower: true), default: usualSpread,
        "How far the true value is thought to lie from the written one, as a share of the range."),
    ])

  /// A mapping from keys to ranges.
  static let codec = Codec<[ParameterRange]>.named(record.codec, key: \.key)
}

extension CalibrationOutcome {
  /// The keys of the section `calibration.outcome`.
  static let record = Record(
    blank: CalibrationOutcome(
      measurements: "", date: "", measurementsSHA256: "", fingerprint: "", protocolSentence: "", fitError: "",
      heldOutError: "", values: []),
    [
      .required("measurements", \.measurements, .text, "The set of measurements."),
      .required("date", \.date, .text, "When the measurements were taken."),
      .required("sha256", \.measurementsSHA256, .text, "Digest of the file of measurements."),
      .required(
        "fingerprint", \.fingerprint, .text,
        "Digest of the machine right after the fit; the errors hold as long as it does."),
      .required("protocol", \.protocolSentence, .text, "Which rows were fitted and which were held out."),
      .required("fit-error", \.fitError, .text, "The error on the rows that were fitted."),
      .required("held-out-error", \.heldOutError, .text, "The error on rows that were not."),
      .required("values", \.values, FittedValue.codec, "Each value that was fitted."),
    ])
}

extension FittedValue {
  private static let record = Record(
    blank: FittedValue(key: "", before: "", after: "", interval: ""),
    [
      .required("before", \.before, .text, "The value before the fit."),
      .required("after", \.after, .text, "The value that was found."),
      .required("interval", \.interval, .text, "Where it lies in 95 of 100 resamples."),
    ])

  /// A mapping from keys to values.
  static let codec = Codec<[FittedValue]>.named(record.codec, key: \.key)
}

extension Codec {
  /// A mapping whose keys are part of its elements.
  fileprivate static func named<Element>(
    _ element: Codec<Element>, key: any WritableKeyPath<Element, String> & Sendable
  ) -> Codec where Value == [Element] {
    let shape = Shape.table(keys: nil, allRequired: false, element.shape)
    return Codec(
      shape,
      decode: { node, decoding in
        decoding.rows(in: node, shape: shape, keys: nil, element)?.map { row in
          var value = row.value
          value[keyPath: key] = row.key
          return value
        }
      },
      encode: { elements in
        .unplaced(.mapping(elements.map { YAMLNode.entry($0[keyPath: key], element.encode($0)) }))
      })
  }

  /// A value, or the word 'none'.
  static func orNone<Wrapped>(_ codec: Codec<Wrapped>) -> Codec where Value == Wrapped? {
    Codec(
      .either([.word(["none"], shortForms: []), codec.shape]),
      decode: { node, decoding in
        node.text == "none" ? .some(nil) : codec.decode(node, &decoding).map { .some($0) }
      },
      encode: { $0.map(codec.encode) ?? .plain("none") })
  }
}
