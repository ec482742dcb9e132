import Foundation
import Hardware
import Measures
import Simulator
import TestSupport
import Testing

/// Energy of DRAM by command and state.
@Suite struct `DRAM energy` {
  @Test(arguments: DRAMStandard.all)
  func `is that of its commands, of refresh and of standby`(standard: DRAMStandard) throws {
    for seed in 1...20 {
      var dice = Dice(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
      var model = RandomMachine.machine(&dice)
      model.memory = .dram(
        DRAMSystem(
          standard: standard, channels: dice.roll(1...3), addressMap: dice.pick(AddressMap.allCases),
          rowPolicy: dice.pick([.open, .closed])))
      model.energy.staticPower = []
      let result = try Machine(model).run(RandomMachine.program(&dice))
      guard case .dram(let system) = model.memory else { continue }
      let (counts, energy) = (result.counts, standard.energy)
      var expected = Double(counts.dramActivates) * energy.activatePrecharge.value
      expected += Double(counts.memoryReadBytes) * energy.readPerByte.value
      expected += Double(counts.memoryWriteBytes) * energy.writePerByte.value
      expected += Double(counts.dramRefreshes) * energy.refresh.value
      expected += energy.standby.value * Double(system.channels) * result.latency.value
      let found = result.energyByComponent.first { $0.component == .dram }?.energy.value ?? 0
      #expect(abs(found - expected) <= 1e-9 * expected, "seed \(seed)")
    }
  }
}

/// The energies of the catalogue against those derived from the datasheets' currents.
@Suite(
  .enabled(
    if: DRAMEnergyTable.isThere, "the data directory has no energy/dram_energy_derived.csv: set JOULERY_DATA")
)
struct `DRAM energy and published currents` {
  /// A standard, its row of the table, devices of a channel, and what a reader must know of the row.
  static let rows: [(name: String, device: String, devices: Double)] = [
    ("ddr4-2400", "DDR4-2400 8Gb x8 (per device)", 8), ("ddr4-3200", "DDR4-3200 8Gb x8 (per device)", 8),
    ("hbm2-2000", "HBM2 8Gb x128 ch (2 Gb/s)", 1),
    ("lpddr4-3200", "LPDDR4-3200 6Gb x16 (Micron A; core)", 1),
  ]

  @Test(arguments: rows)
  func `agree`(name: String, device: String, devices: Double) throws {
    let row = try #require(try DRAMEnergyTable.row(device))
    let energy = try #require(DRAMStandard.all.first { $0.name == name }).energy
    func near(_ left: Double, _ right: Double) -> Bool { abs(left / right - 1) < 1e-9 }
    #expect(try near(energy.activatePrecharge.value, devices * #require(row["ACT+PRE_nJ"]) * 1e-9))
    #expect(try near(energy.refresh.value, devices * #require(row["refresh_nJ_each"]) * 1e-9))
    #expect(try near(energy.standby.value, devices * #require(row["active_standby_mW"]) * 1e-3))
    // A byte crosses one device's core; the rest of its energy is the link.
    let read = try energy.readPerByte.value / 8 * 1e12 - #require(row["read_core_pJ_per_bit"])
    let write = try energy.writePerByte.value / 8 * 1e12 - #require(row["write_core_pJ_per_bit"])
    if name == "lpddr4-3200" {
      let link = try #require(try DRAMEnergyTable.row("LPDDR4-3200 I/O (VDDQ) add-on"))
      #expect(try abs(read - #require(link["read_core_pJ_per_bit"])) < 1e-9)
      #expect(try abs(write - #require(link["write_core_pJ_per_bit"])) < 1e-9)
    }
    #expect((1...5).contains(read) && (1...5).contains(write))
  }
}

/// `energy/dram_energy_derived.csv` of the data directory.
enum DRAMEnergyTable {
  static var path: URL {
    DRAMReferenceTable.path.deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("energy/dram_energy_derived.csv")
  }
  static var isThere: Bool { FileManager.default.fileExists(atPath: path.path) }

  /// The numbers of a device, by column; empty cells are left out.
  static func row(_ device: String) throws -> [String: Double]? {
    let lines = try String(contentsOf: path, encoding: .utf8).split(whereSeparator: \.isNewline)
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    guard let titles = lines.first, let row = lines.first(where: { $0[0] == device }) else { return nil }
    return Dictionary(
      zip(titles, row).compactMap { title, cell in Double(cell).map { (title, $0) } },
      uniquingKeysWith: { first, _ in first })
  }
}
