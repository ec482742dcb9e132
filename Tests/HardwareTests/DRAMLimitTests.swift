import Formats
import Hardware
import Testing

/// What a DRAM part may not say although each of its numbers alone is right.
@Suite struct `DRAM limits` {
  /// What decoding says of the machine `edge` with a changed DRAM standard; nil if it loads.
  static func finding(_ change: (inout DRAMStandard) -> Void) throws -> String? {
    var model = try ShippedFiles.library.model("edge")
    guard case .dram(var system) = model.memory else { return nil }
    change(&system.standard)
    model.memory = .dram(system)
    do {
      _ = try HardwareModel.decode(yaml: model.yaml(), file: "changed.yaml")
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func `more banks than a controller tells apart are an error`() throws {
    let finding = try #require(
      try Self.finding {
        $0.bankGroups = 4
        $0.banksPerGroup = 32
      })
    #expect(finding.contains("memory.dram.banks-per-group: 4 groups of 32 are 128 banks"))
    #expect(finding.contains("at most 64 banks in a channel"))
  }

  @Test func `a refresh that leaves no time for requests is an error`() throws {
    let finding = try #require(try Self.finding { $0.timing.refreshInterval = 4 * 448 - 1 })
    #expect(
      finding.contains("memory.dram.timing.refresh-interval: a refresh every 1791 cycles may leave no time"))
    #expect(finding.contains("1792 cycles"))
    #expect(try Self.finding { $0.timing.refreshInterval = 4 * 448 } == nil)
    #expect(try Self.finding { $0.timing.refreshInterval = 0 } == nil)
  }

  @Test func `every standard of the catalogue keeps the limits`() {
    for standard in DRAMStandard.all {
      #expect(standard.banks <= DRAMStandard.mostBanks)
      #expect(standard.timing.refreshInterval >= standard.leastRefreshInterval, "\(standard.name)")
    }
  }
}
