import Measures
import Records

extension Cache {
  /// The keys of an element of `caches`.
  static let record = Record(
    blank: Cache(
      name: "", capacity: .zero, ways: 0, lineBytes: 0, latencyCycles: 0, misses: 0,
      replacement: .leastRecent,
      accessEnergy: EnergyTable.noMemoryByte, lineEnergy: EnergyTable.noMemoryByte),
    [
      .required("name", \.name, .text, "The cache's name, as reports call it."),
      .required("capacity", \.capacity, .quantity(Bytes(1)...Bytes(1 << 34)), "Size of all its lines."),
      .required("ways", \.ways, .whole(1...64), "Lines of a set, among which a line may choose."),
      .required(
        "line", \.lineBytes, .bytes(1...4096), "What a miss fetches; a multiple of the memory's access."),
      .required(
        "latency", \.latencyCycles, .cycles(0...1_000_000),
        "Core cycles from a request to its data when the line is there."),
      .optional(
        "way-below", \.wayBelowCycles, .cycles(0...1_000_000), default: 0,
        "Core cycles of the way to the level below and back, which only a miss takes."),
      .required(
        "misses", \.misses, .whole(1...256),
        "Lines that can be under way from the level below at once, in each bank."),
      .optional(
        "banks", \.banks, .whole(1...64), default: 1,
        "Parts that keep their misses apart; consecutive lines lie in consecutive banks."),
      .optional(
        "turn", \.turnCycles, .cycles(0...1_000_000), default: 0,
        "Core cycles for which it is busy with each line that is read or written, one after the other."),
      .optional(
        "write-back", \.writeBackCycles, .cycles(0...1_000_000), default: 0,
        "Core cycles of a written line that has to go for a miss, one after the other; the miss waits for them."
      ),
      .optional(
        "contents", \.contents, .word(), default: .nothing,
        "What it holds when a run begins: nothing, or written lines of others in every way."),
      .optional(
        "replacement", \.replacement, .word(), default: .leastRecent,
        "Which line of a set goes: the one used longest ago, or any (a 16-bit shift register)."),
      .required(
        "access-energy", \.accessEnergy, .energy, "Looking a line up and moving what was asked for."),
      .required(
        "line-energy", \.lineEnergy, .energy,
        "Writing a line from the level below, or reading one that goes there."),
    ])

  /// The list of caches, nearest first.
  static let listCodec = Codec<[Cache]>.list(of: record.codec, identity: "name", minimum: 0)
}
