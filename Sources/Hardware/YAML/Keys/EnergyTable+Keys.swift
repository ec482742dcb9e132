import Formats
import Measures
import Records

/// The section `energy` as it is written: memories are named where ``EnergyTable`` counts them.
struct EnergySection: Hashable, Sendable {
  var table: EnergyTable
  var scratchpads: [ScratchpadEnergy]

  static let record = Record(
    blank: EnergySection(table: .blank, scratchpads: []),
    [
      .required(
        "mac", \.table.mac, .table(of: .energy, allRequired: false),
        "One multiply-accumulate, by format of the operands."),
      .required(
        "array-cell-cycle", \.table.arrayCellCycle, .energy,
        "Clocking one cell for one cycle of a running array, busy or idle."),
      .required(
        "scratchpads", \.scratchpads, ScratchpadEnergy.codec, "Reading and writing one word, by memory."),
      .required(
        "vector", \.table.vectorElement, .table(of: .energy, allRequired: true),
        "One element in the vector unit, by class of operation."),
      .required("dma-byte", \.table.dmaByte, .energy, "Moving one byte over the DMA's bus."),
      .required("instruction", \.table.instruction, .energy, "Issuing one instruction."),
      .optional(
        "memory-byte", \.table.memoryByte, .energy, default: EnergyTable.noMemoryByte,
        "Moving one byte through a pipe; DRAM brings its own numbers."),
      .optional(
        "static-power", \.table.staticRows, .rows(of: .power, allRequired: false), default: [],
        "Leakage and clock power, by component."),
    ])
}

/// Energy of one memory's accesses.
struct ScratchpadEnergy: Hashable, Sendable {
  var name: String
  var read: EnergyTable.Sourced<Joules>
  var write: EnergyTable.Sourced<Joules>

  private static let record = Record(
    blank: ScratchpadEnergy(name: "", read: EnergyTable.noMemoryByte, write: EnergyTable.noMemoryByte),
    [
      .required("read", \.read, .energy, "Reading one word."),
      .required("write", \.write, .energy, "Writing one word."),
    ])

  /// A mapping from the names of the scratchpads; each must be there.
  static let codec: Codec<[ScratchpadEnergy]> = {
    let element = record.codec
    let shape = Shape.table(keys: nil, allRequired: true, element.shape)
    return Codec(
      shape,
      decode: { node, decoding in
        let names = decoding.names["scratchpads"]
        guard let rows = decoding.rows(in: node, shape: shape, keys: names, element) else { return nil }
        let missing = (names ?? []).filter { name in !rows.contains { $0.key == name } }
        for name in missing {
          decoding.refuse(
            at: node.place, "the memory '\(name)' is missing", expected: "each memory in 'scratchpads'",
            remedy: "add '\(name): {read: …, write: …}'")
        }
        guard missing.isEmpty else { return nil }
        return rows.map { ScratchpadEnergy(name: $0.key, read: $0.value.read, write: $0.value.write) }
      },
      encode: { memories in .unplaced(.mapping(memories.map { YAMLNode.entry($0.name, element.encode($0)) }))
      })
  }()
}

extension HardwareModel {
  /// ``energy`` with the memories by name.
  var energySection: EnergySection {
    get {
      let pairs = zip(energy.scratchpadRead, energy.scratchpadWrite)
      return EnergySection(
        table: energy,
        scratchpads: zip(scratchpads, pairs).map {
          ScratchpadEnergy(name: $0.name, read: $1.0, write: $1.1)
        })
    }
    set {
      energy = newValue.table
      let ordered = scratchpads.compactMap { memory in newValue.scratchpads.first { $0.name == memory.name } }
      energy.scratchpadRead = ordered.map(\.read)
      energy.scratchpadWrite = ordered.map(\.write)
    }
  }
}

extension EnergyTable {
  /// The energy of a pipe's byte when there is no pipe.
  static let noMemoryByte = Sourced(Joules(0), source: "no pipe")

  static let blank = EnergyTable(
    mac: [:], arrayCellCycle: noMemoryByte, scratchpadRead: [], scratchpadWrite: [], vectorElement: [:],
    dmaByte: noMemoryByte, instruction: noMemoryByte, memoryByte: noMemoryByte, staticPower: [])

  /// ``staticPower`` as rows of a table.
  fileprivate var staticRows: [TableRow<Component, Sourced<Watts>>] {
    get { staticPower.map { TableRow(key: $0.component, value: $0.power) } }
    set { staticPower = newValue.map { StaticPower(component: $0.key, power: $0.value) } }
  }
}

extension Codec where Value == EnergyTable.Sourced<Joules> {
  /// An energy per action.
  static let energy = EnergyTable.Sourced<Joules>.codec(Joules(0)...Joules(1e-6))
}

extension Codec where Value == EnergyTable.Sourced<Watts> {
  /// A static power.
  static let power = EnergyTable.Sourced<Watts>.codec(Watts(0)...Watts(1000))
}
