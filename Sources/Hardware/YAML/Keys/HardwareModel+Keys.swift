import Formats
import Measures
import Records

extension HardwareModel {
  /// The keys of a hardware file, in the order of the data's way: clock, array, memories, the units around them.
  static let record = Record(
    blank: HardwareModel.blank,
    [
      .required("name", \.name, .text, "The machine's name, as it stands in reports."),
      .required("summary", \.summary, .text, "What the machine is, in one sentence."),
      .required(
        "clock", \.clock, .quantity(Hertz(1e6)...Hertz(10e9)),
        "Clock of sequencer, array, scratchpads and vector unit."),
      .optional(
        "cores", \.cores, .whole(1...16), default: 1,
        "Copies of everything but main memory, which they share."),
      .required(
        "array", \.array, MACArray.record.codec, "The array of multiply-accumulate cells."),
      .required(
        "scratchpads", \.scratchpads, Scratchpad.listCodec,
        "On-chip memories; each role is held by exactly one of them."),
      .required(
        "dma", \.dma, DMAEngine.record.codec, "The engines that copy between main memory and scratchpads."),
      .optional(
        "caches", \.caches, Cache.listCodec, default: [],
        "Caches between the DMA and main memory, nearest to the DMA first; only with one core."),
      .optional(
        "interconnect", \.interconnect, Interconnect.record.codec, default: Interconnect(),
        "How several cores reach main memory; without effect where there is one core."),
      .required("memory", \.memory, MainMemory.codec, "The memory beyond the chip: DRAM, or a pipe."),
      .required(
        "vector", \.vector, VectorUnit.record.codec, "The unit for everything that is not a matrix product."),
      .required(
        "sequencer", \.sequencer, Sequencer.record.codec, "The unit that reads the program and hands it out."),
      .required(
        "energy", \.energySection, EnergySection.record.codec,
        "Energy per action and static power, with sources."),
      .optional(
        "voltage", \.voltage, SupplyVoltage.record.codec, default: SupplyVoltage(),
        "The supply at which the energies hold, and the one at which the machine runs."),
      .optional(
        "variants", \.variants, Variant.codec, default: [],
        "Settings that go together, by name: another voltage and clock, another board. '--set variant=NAME' chooses one."
      ),
      .optional(
        "sources", \.sources, SourceNote.codec, default: [],
        "Where the other numbers come from: a key, or a section, and a sentence."),
      .optional(
        "calibration", \.calibration, CalibrationNotes.record.codec, default: CalibrationNotes(),
        "Which numbers a calibration may change, and how wrong the machine is after the last one."),
    ])

  /// A model whose every key is still to be set.
  private static let blank = HardwareModel(
    name: "", summary: "", clock: .zero, array: MACArray.record.blank, scratchpads: [],
    dma: DMAEngine.record.blank,
    memory: .pipe(MemoryPipe(bandwidth: .zero, latency: .zero)), vector: VectorUnit.record.blank,
    sequencer: Sequencer.record.blank, energy: EnergyTable.blank)
}

extension SourceNote {
  /// Notes as a mapping from key path to sentence.
  static let codec = Codec<[SourceNote]>(
    .table(keys: nil, allRequired: false, .text),
    decode: { node, decoding in
      let shape = Shape.table(keys: nil, allRequired: false, .text)
      guard let rows = decoding.rows(in: node, shape: shape, keys: nil, .text) else { return nil }
      return rows.map { SourceNote(key: $0.key, sentence: $0.value) }
    },
    encode: { notes in
      .unplaced(.mapping(notes.map { YAMLNode.entry($0.key, Codec.text.encode($0.sentence)) }))
    })
}
