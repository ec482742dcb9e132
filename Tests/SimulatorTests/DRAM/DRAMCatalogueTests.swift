import Foundation
import Hardware
import Measures
import Testing

@Suite struct `DRAM catalogue` {
  @Test func `names are unique and in order`() {
    let names = DRAMStandard.all.map(\.name)
    #expect(names == Set(names).sorted())
  }

  @Test(arguments: [
    ("ddr4-2400", 19.2), ("ddr4-3200", 25.6), ("hbm2", 19.2), ("hbm2-2000", 32), ("lpddr4-3200", 6.4),
    ("lpddr5-6400", 12.8),
  ])
  func `a channel's peak is its data rate times its width`(name: String, gigabytes: Double) throws {
    let standard = try #require(DRAMStandard.all.first { $0.name == name })
    #expect(abs(standard.channelBandwidth.value / 1e9 - gigabytes) < 1e-9)
  }

  @Test(arguments: [
    ("ddr4-2400", 8), ("ddr4-3200", 8), ("hbm2", 0.5), ("hbm2-2000", 0.5), ("lpddr4-3200", 1),
    ("lpddr5-6400", 2),
  ])
  func `a channel holds what its dies hold`(name: String, gibibytes: Double) throws {
    let standard = try #require(DRAMStandard.all.first { $0.name == name })
    let system = DRAMSystem(standard: standard, channels: 1, addressMap: .rowBankColumnChannel)
    #expect(Double(system.capacity.count) == gibibytes * 1_073_741_824)
  }

  @Test(arguments: DRAMStandard.all)
  func `every energy is positive and says where it comes from`(standard: DRAMStandard) {
    let energy = standard.energy
    #expect(energy.activatePrecharge > .zero && energy.readPerByte > .zero && energy.writePerByte > .zero)
    #expect(energy.refresh > .zero && energy.standby > .zero)
    #expect(!energy.source.isEmpty && !standard.source.isEmpty)
    let picojoulesPerBit = energy.readPerByte.value / 8 * 1e12
    #expect((3...12).contains(picojoulesPerBit), "core and I/O of a read, published range")
  }
}

/// The catalogue against the table of published presets in the data directory.
@Suite(
  .enabled(if: DRAMReferenceTable.isThere, "the data directory has no dram/timings.csv: set JOULERY_DATA"))
struct `DRAM catalogue and published presets` {
  static let presets = [
    ("ddr4-2400", "DDR4-2400 (17-17-17) 8Gb x8"), ("ddr4-3200", "DDR4-3200 8Gb x8"),
    ("hbm2", "HBM2 2400Mbps pseudo-channel"), ("hbm2-2000", "HBM2 2.0Gbps 8Gb (legacy 128b ch)"),
    ("lpddr4-3200", "LPDDR4-3200 8Gb x16"), ("lpddr5-6400", "LPDDR5-6400 16Gb x16"),
  ]

  @Test(arguments: presets)
  func `agree`(name: String, preset: String) throws {
    let table = try DRAMReferenceTable()
    let standard = try #require(DRAMStandard.all.first { $0.name == name })
    let timing = standard.timing
    func published(_ column: String) throws -> Int { try #require(table.number(preset, column), "\(column)") }
    #expect(try timing.readLatency == published("CL"))
    #expect(try timing.writeLatency == published("CWL"))
    #expect(try timing.activateToRead == published("tRCD"))
    #expect(try timing.precharge == published("tRP"))
    #expect(try timing.activateToPrecharge == published("tRAS"))
    #expect(try timing.activateToActivateSameBank == published("tRC"))
    #expect(try timing.columnToColumnShort == published("tCCD_S"))
    #expect(try timing.columnToColumnLong == published("tCCD_L"))
    #expect(try timing.activateToActivateShort == published("tRRD_S"))
    #expect(try timing.activateToActivateLong == published("tRRD_L"))
    #expect(try timing.fourActivateWindow == published("tFAW"))
    let dataStrobe = name.hasPrefix("lpddr4") ? 1 : 0
    #expect(try timing.writeRecovery == published("tWR") + dataStrobe)
    #expect(try timing.writeToReadShort == published("tWTR_S") + dataStrobe)
    #expect(try timing.writeToReadLong == published("tWTR_L") + dataStrobe)
    #expect(try standard.bankGroups == published("bankgroups"))
    #expect(try standard.banksPerGroup == published("banks_per_group"))
    #expect(try standard.rowBytes == published("row_bytes_per_channel"))
    if name != "hbm2" {
      #expect(try timing.refreshCycle == published("tRFC"))
      #expect(try timing.refreshInterval == published("tREFI"))
      #expect(try standard.rows == published("rows"))
    }
  }
}

/// `dram/timings.csv` of the data directory, cells by preset and column.
struct DRAMReferenceTable {
  static var path: URL {
    let data =
      ProcessInfo.processInfo.environment["JOULERY_DATA"].map { URL(fileURLWithPath: $0) }
      ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../../shared/data").standardized
    return data.appendingPathComponent("dram/timings.csv")
  }
  static var isThere: Bool { FileManager.default.fileExists(atPath: path.path) }

  private let columns: [String]
  private let rows: [[String]]

  init() throws {
    let lines = try String(contentsOf: Self.path, encoding: .utf8).split(whereSeparator: \.isNewline).map(
      Self.cells)
    columns = lines.first ?? []
    rows = Array(lines.dropFirst())
  }

  /// The whole number a cell begins with ("29 pb / 34 ab" is 29).
  func number(_ preset: String, _ column: String) -> Int? {
    guard let row = rows.first(where: { $0.first == preset }), let index = columns.firstIndex(of: column)
    else {
      return nil
    }
    return Int(row[index].prefix { $0.isNumber })
  }

  /// Cells of a line; a quoted cell may hold commas.
  private static func cells(_ line: Substring) -> [String] {
    line.split(separator: "\"", omittingEmptySubsequences: false).enumerated().reduce(into: [""]) {
      cells, part in
      guard part.offset.isMultiple(of: 2) else {
        cells[cells.count - 1] += part.element
        return
      }
      let pieces = part.element.split(separator: ",", omittingEmptySubsequences: false)
      cells[cells.count - 1] += pieces.first ?? ""
      cells += pieces.dropFirst().map(String.init)
    }
  }
}
