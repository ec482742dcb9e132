import Formats
import Records

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
      .optional(
        "drain", \.drain, .word(), default: .shifted,
        "How output-stationary results leave: down through the cells, or each row over a bus as soon as it is done."
      ),
      .optional(
        "packs-kernel", \.packsKernel, .flag, default: false,
        "Whether all kernel positions of a convolution share folds, however many input channels there are (im2col)."
      ),
      .optional(
        "passes", \.passes, .orNone(RowPasses.record.codec), default: nil,
        "How partial sums of a row-stationary array travel; without it all of a cycle at once."),
      .optional(
        "sparsity", \.sparsity, SparsitySupport.codec, default: SparsitySupport.none,
        "Weights that are left out: none, those the network's layers name, all but N of M, or half of blocks of B."
      ),
      .optional(
        "counting", \.counting, .word(), default: .exact,
        "How reports count a layer's cycles and accesses: exactly, or as SCALE-Sim 3.0.0 prints them."),
    ])
}

extension RowPasses {
  /// The keys of `array.passes`.
  static let record = Record(
    blank: RowPasses(sumsPerCycle: 1, inputPad: 1, inputs: 1),
    [
      .required(
        "sums-per-cycle", \.sumsPerCycle, .whole(1...1024),
        "Partial sums that travel between cells and accumulators in a cycle, each way."),
      .required("input-pad", \.inputPad, .whole(1...4096), "Inputs that a cell holds."),
      .required(
        "inputs", \.inputs, .whole(1...1_048_576),
        "Inputs that a pass takes from the buffer, where one channel has no more."),
    ])
}

extension SparsitySupport {
  /// `none`, `layers`, `2:4`, `rows:8`.
  static let codec: Codec<SparsitySupport> = {
    let shape = Shape.form(
      "none, layers, N:M with N < M ≤ 64, or rows:B with B from 2 to 64",
      pattern: "^(none|layers|[0-9]+:[0-9]+|rows:[0-9]+)$", example: "2:4")
    return Codec(
      shape,
      decode: { node, decoding in
        guard let (text, _) = decoding.scalar(node, expected: shape.summary) else { return nil }
        guard let value = SparsitySupport(written: text) else {
          decoding.refuse(
            at: node.place, "'\(excerpt(text))' is no form of sparsity", expected: shape.summary,
            remedy: "write for example '2:4'")
          return nil
        }
        return value
      },
      encode: { .plain($0.written) })
  }()

  private init?(written text: String) {
    switch text {
    case "none": self = .none
    case "layers": self = .layers
    default:
      let parts = text.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2, let second = Int(parts[1]), (2...64).contains(second) else { return nil }
      if parts[0] == "rows" {
        self = .storage(.rows(block: second))
      } else if let kept = Int(parts[0]), kept >= 1, kept < second {
        self = .storage(.pattern(kept: kept, of: second))
      } else {
        return nil
      }
    }
  }

  private var written: String {
    switch self {
    case .none, .storage(.dense): "none"
    case .layers: "layers"
    case .storage(.pattern(let kept, let of)): "\(kept):\(of)"
    case .storage(.rows(let block)): "rows:\(block)"
    }
  }
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
