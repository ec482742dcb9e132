import Formats
import Measures
import Records

extension Scratchpad {
  /// The keys of an element of `scratchpads`.
  static let record = Record(
    blank: Scratchpad(name: "", roles: [], capacity: .zero, banks: 0, wordBytes: 0),
    [
      .required("name", \.name, .text, "The memory's name, as energies and reports call it."),
      .required("roles", \.roles, .list(of: .word()), "What the memory holds."),
      .required(
        "capacity", \.capacity, .quantity(Bytes(1)...Bytes(1 << 34)), "Size of the whole memory, all banks."),
      .required("banks", \.banks, .whole(1...64), "Banks that serve accesses side by side."),
      .required("word", \.wordBytes, .bytes(1...4096), "What a bank delivers in one cycle."),
      .optional(
        "ports", \.ports, .word(), default: .single,
        "What a bank serves in one cycle: one access (1rw), or one read and one write (1r1w)."),
      .optional(
        "arbitration", \.arbitration, .word(), default: .rotating,
        "Who wins when several ask for one bank: turns rotate, or array before vector unit before DMA."),
    ])

  /// The list of memories; it notes their names for the energies that follow.
  static let listCodec: Codec<[Scratchpad]> = {
    let list = Codec<[Scratchpad]>.list(of: record.codec, identity: "name")
    return Codec(
      list.shape,
      decode: { node, decoding in
        guard let memories = list.decode(node, &decoding) else { return nil }
        let names = memories.map(\.name)
        for (index, name) in names.enumerated() where names[..<index].contains(name) {
          decoding.refuse(
            at: node.place, "two memories are called '\(excerpt(name))'", expected: "different names")
          return nil
        }
        decoding.names["scratchpads"] = names
        return memories
      },
      encode: list.encode)
  }()
}
