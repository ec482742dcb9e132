import Formats
import Measures
import Records

extension DRAMStandard {
  /// The keys of a DRAM part.
  static let record = Record(
    blank: DRAMStandard(
      name: "", source: "", clock: .zero, accessBytes: 0, burstCycles: 0, bankGroups: 0, banksPerGroup: 0,
      rows: 0,
      rowBytes: 0, timing: Timing.record.blank, energy: Energy.record.blank),
    [
      .required("name", \.name, .text, "The standard's name with its speed grade."),
      .required("source", \.source, .text, "Where organisation and timing come from."),
      .required(
        "clock", \.clock, .quantity(Hertz(1e6)...Hertz(10e9)),
        "The command clock; one command per channel and cycle.", symbol: "1/tCK"),
      .required(
        "access", \.accessBytes, .bytes(1...4096), "Bytes of one column access: bus width × burst length."),
      .required(
        "burst", \.burstCycles, .cycles(1...64), "Cycles the data bus is busy with one access.",
        symbol: "BL/2"),
      .required("bank-groups", \.bankGroups, .whole(1...16), "Bank groups of a channel."),
      .required("banks-per-group", \.banksPerGroup, .whole(1...64), "Banks of a group."),
      .required("rows", \.rows, .whole(1...(1 << 24)), "Rows of a bank."),
      .required("row", \.rowBytes, .bytes(1...(1 << 20)), "Size of one row over the whole channel."),
      .required("timing", \.timing, Timing.record.codec, "JEDEC parameters in cycles of the command clock."),
      .required(
        "energy", \.energy, Energy.record.codec, "Energy of commands and standby power, per channel."),
    ])

  /// A standard written out, or the name of a shared one.
  static let partCodec: Codec<DRAMStandard> = {
    let inline = record.codec
    return Codec(
      .either([.text, inline.shape]),
      decode: { node, decoding in
        guard let name = node.text, !node.isNull else { return inline.decode(node, &decoding) }
        switch decoding.parts(PartReference(folder: "dram", name: name, place: node.place)) {
        case .failure(let error):
          decoding.diagnostics += error.diagnostics
          return nil
        case .success(let part):
          let path = decoding.path
          decoding.path = []
          defer { decoding.path = path }
          return inline.decode(part, &decoding)
        }
      },
      encode: inline.encode)
  }()
}

extension DRAMStandard.Timing {
  /// The keys of the section `timing` of a DRAM part.
  static let record: Record<DRAMStandard.Timing> = {
    func key(
      _ name: String, _ path: any WritableKeyPath<DRAMStandard.Timing, Int> & Sendable, _ symbol: String,
      _ sentence: String
    ) -> Field<DRAMStandard.Timing> {
      .required(name, path, .cycles(0...1_000_000), sentence, symbol: symbol)
    }
    return Record(
      blank: DRAMStandard.Timing(
        readLatency: 0, writeLatency: 0, activateToRead: 0, activateToWrite: 0, precharge: 0,
        activateToPrecharge: 0, activateToActivateSameBank: 0, columnToColumnShort: 0, columnToColumnLong: 0,
        activateToActivateShort: 0, activateToActivateLong: 0, fourActivateWindow: 0, writeRecovery: 0,
        readToPrecharge: 0, writeToReadShort: 0, writeToReadLong: 0, readToWriteTurnaround: 0,
        refreshCycle: 0,
        refreshInterval: 0),
      [
        key("read-latency", \.readLatency, "CL", "From a read to its first data."),
        key("write-latency", \.writeLatency, "CWL", "From a write to its first data."),
        key("activate-to-read", \.activateToRead, "tRCDRD", "From an activate to a read of the row."),
        key("activate-to-write", \.activateToWrite, "tRCDWR", "From an activate to a write of the row."),
        key("precharge", \.precharge, "tRP", "From a precharge to the next activate of the bank."),
        key("activate-to-precharge", \.activateToPrecharge, "tRAS", "Least time a row stays open."),
        key(
          "activate-to-activate-same-bank", \.activateToActivateSameBank, "tRC",
          "Between two activates of one bank."),
        key(
          "column-to-column-short", \.columnToColumnShort, "tCCD_S",
          "Between two accesses to different bank groups."),
        key(
          "column-to-column-long", \.columnToColumnLong, "tCCD_L", "Between two accesses to one bank group."),
        key(
          "activate-to-activate-short", \.activateToActivateShort, "tRRD_S",
          "Between activates in different bank groups."),
        key(
          "activate-to-activate-long", \.activateToActivateLong, "tRRD_L",
          "Between activates in one bank group."),
        key(
          "four-activate-window", \.fourActivateWindow, "tFAW",
          "Window in which at most four activates are issued."),
        key(
          "write-recovery", \.writeRecovery, "tWR", "From the last data of a write to a precharge."),
        key("read-to-precharge", \.readToPrecharge, "tRTP", "From a read to a precharge."),
        key(
          "write-to-read-short", \.writeToReadShort, "tWTR_S",
          "From the last data of a write to a read in another bank group."),
        key(
          "write-to-read-long", \.writeToReadLong, "tWTR_L",
          "From the last data of a write to a read in the same bank group."),
        key(
          "read-to-write-turnaround", \.readToWriteTurnaround, "tRTW",
          "Extra bus cycles between a read's and a write's data."),
        key("refresh-cycle", \.refreshCycle, "tRFC", "Time one all-bank refresh takes."),
        key(
          "refresh-interval", \.refreshInterval, "tREFI",
          "Time between refreshes, on average; 0 for no refresh."),
        key(
          "precharge-all-banks", \.prechargeAllBanks, "tRPab",
          "From a precharge of all banks to the next activate."),
        key(
          "precharge-to-precharge", \.prechargeToPrecharge, "tPPD",
          "Between two precharges; 1 where the standard has none."),
      ])
  }()
}

extension DRAMStandard.Energy {
  /// The keys of the section `energy` of a DRAM part.
  static let record = Record(
    blank: DRAMStandard.Energy(
      source: "", activatePrecharge: .zero, readPerByte: .zero, writePerByte: .zero, refresh: .zero,
      standby: .zero),
    [
      .required("source", \.source, .text, "Where the energies come from."),
      .required(
        "activate-precharge", \.activatePrecharge, .quantity(Joules(0)...Joules(1e-6)),
        "One activate with its precharge."),
      .required(
        "read-byte", \.readPerByte, .quantity(Joules(0)...Joules(1e-6)),
        "Core and I/O energy of reading one byte."),
      .required(
        "write-byte", \.writePerByte, .quantity(Joules(0)...Joules(1e-6)),
        "Core and I/O energy of writing one byte."),
      .required("refresh", \.refresh, .quantity(Joules(0)...Joules(1e-3)), "One all-bank refresh."),
      .required("standby", \.standby, .quantity(Watts(0)...Watts(100)), "Standby power of the channel."),
    ])
}
