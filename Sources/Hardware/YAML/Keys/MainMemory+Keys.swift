import Formats
import Measures
import Records

extension MainMemory {
  /// The section `memory`: DRAM channels (`dram`, `channels`, …), or a pipe (`pipe`).
  static let codec: Codec<MainMemory> = {
    let dram = DRAMSystem.record.codec
    let pipe = PipeSection.record.codec
    let shape = Shape.either([dram.shape, pipe.shape])
    return Codec(
      shape,
      decode: { node, decoding in
        guard case .mapping = node.content else {
          decoding.refuse(
            at: node.place, "the value is \(node.kind)", expected: "a mapping with 'dram' or 'pipe'")
          return nil
        }
        switch (node[key: "dram"], node[key: "pipe"]) {
        case (_?, let second?):
          decoding.refuse(
            at: second.place, "both 'dram' and 'pipe' are given", expected: "one of them",
            remedy: "remove one of them")
          return nil
        case (_, _?): return pipe.decode(node, &decoding).map { .pipe($0.pipe) }
        default:
          return dram.decode(node, &decoding).map { .dram($0) }
        }
      },
      encode: { memory in
        switch memory {
        case .dram(let system): dram.encode(system)
        case .pipe(let bounds): pipe.encode(PipeSection(pipe: bounds))
        }
      })
  }()
}

/// The form of `memory` that holds a pipe.
private struct PipeSection: Hashable, Sendable {
  var pipe: MemoryPipe

  static let record = Record(
    blank: PipeSection(pipe: MemoryPipe.record.blank),
    [
      .required(
        "pipe", \.pipe, MemoryPipe.record.codec,
        "A memory of fixed latency and bandwidth, when no more is known of it.")
    ])
}

extension MemoryPipe {
  /// The keys of the section `memory.pipe`.
  static let record = Record(
    blank: MemoryPipe(bandwidth: .zero, latency: .zero),
    [
      .required(
        "bandwidth", \.bandwidth, .quantity(BytesPerSecond(1e6)...BytesPerSecond(1e15)),
        "Most bytes per second, both directions together."),
      .required(
        "latency", \.latency, .quantity(Seconds(0)...Seconds(1e-3)), "Time from a request to its first byte."),
    ])
}

extension DRAMSystem {
  /// The keys of the section `memory` when it is DRAM.
  static let record = Record(
    blank: DRAMSystem(standard: DRAMStandard.record.blank, channels: 0, addressMap: .rowBankColumnChannel),
    [
      .required(
        "dram", \.standard, DRAMStandard.partCodec,
        "The DRAM standard: the name of a shared part, a path to one, or its keys."),
      .required("channels", \.channels, .whole(1...64), "Channels, each with a controller of its own."),
      .optional(
        "address-map", \.addressMap, .word(), default: .rowBankColumnChannel,
        "Order in which the fields of an address are cut, most significant first."),
      .optional(
        "row-policy", \.rowPolicy, .word(), default: .open,
        "Whether a row stays open after an access, or closes at once."),
      .optional(
        "queue-depth", \.queueDepth, .whole(1...1024), default: 32,
        "Requests the controller of one channel can choose among."),
      .optional(
        "hit-cap", \.hitCap, .whole(1...4096), default: 64,
        "Younger requests that may go before the oldest one until nothing may hold it back."),
    ])
}
