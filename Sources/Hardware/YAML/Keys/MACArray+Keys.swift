extension MACArray {
  /// The keys of the section `array`.
  static let record = Record(
    blank: MACArray(
      kind: .systolic, rows: 0, columns: 0, dataflows: [], formats: [], overlapsPreload: false,
      overlapsFolds: false),
    [
      .required("kind", \.kind, .word(), "How the cells are wired."),
      .required(
        "rows", \.rows, .whole(1...1024),
        "Cells along the reduction (input channels of a dot-product block)."),
      .required(
        "columns", \.columns, .whole(1...1024),
        "Cells along the outputs (output channels of a dot-product block)."),
      .optional(
        "pixels", \.pixels, .whole(1...64), default: 1, "Output pixels per cycle of a dot-product block."),
      .required(
        "dataflows", \.dataflows, .list(of: Dataflow.codec),
        "Dataflows the compiler may choose from, the preferred first."),
      .required(
        "formats", \.formats, .list(of: OperandFormat.record.codec, identity: "format"),
        "Number formats of the operands, the native one first."),
      .required(
        "overlaps-preload", \.overlapsPreload, .flag,
        "Whether each cell takes the next stationary operand while the current one is in use."),
      .required(
        "overlaps-folds", \.overlapsFolds, .flag,
        "Whether a fold starts streaming while the previous one still drains."),
      .optional(
        "preload-rows-per-cycle", \.preloadRowsPerCycle, .whole(1...1024), default: 1,
        "Rows of the stationary tile that are loaded in one cycle."),
      .optional(
        "minimum-fold", \.minimumFoldCycles, .cycles(1...4096), default: 1,
        "Fewest cycles between the starts of two folds."),
      .optional(
        "pipeline", \.pipelineCycles, .cycles(0...4096), default: 0,
        "Cycles from the last operand to the last result beside the array's own skew."),
      .optional(
        "depthwise-channels", \.depthwiseChannels, .whole(0...4096), default: 0,
        "Channels of a depthwise convolution in use per cycle; 0 when it maps as one group after the other."),
    ])
}

extension Dataflow {
  /// The four dataflows, also by their usual abbreviations.
  static let codec = Codec<Dataflow>.word(shortForms: [
    ("ws", .weightStationary), ("os", .outputStationary), ("is", .inputStationary), ("rs", .rowStationary),
  ])
}

extension OperandFormat {
  /// The keys of an element of `array.formats`.
  static let record = Record(
    blank: OperandFormat(name: .int8),
    [
      .required("format", \.name, .word(), "The number format."),
      .optional(
        "rate", \.rate, .number(0...1, excludesLower: true), default: 1,
        "Share of the array's full rate that this format reaches."),
      .optional("accumulator", \.accumulatorBytes, .bytes(1...16), default: 4, "Size of one accumulator."),
    ])
}
