import Hardware
import Measures
import Simulator

extension RunReport {
  /// The networks that ran at once, with and without each other.
  var tenantTable: TextTable {
    var table = TextTable([
      .init("network", isFlexible: true), .init("core", .right), .init("alone", .right),
      .init("together", .right), .init("slowdown", .right),
    ])
    for tenant in tenants {
      table.add(
        tenant.network.name, "\(tenant.core)", "\(seconds(tenant.aloneCycles))",
        "\(seconds(tenant.togetherCycles))", "\(shortest(tenant.slowdown, digits: 4))×")
    }
    return table
  }

  /// What each core did.
  var coreTable: TextTable {
    var table = TextTable([
      .init("core", .right), .init("done after", .right), .init("MAC util", .right), .init("compute", .right),
      .init("contention", .right), .init("other cores", .right), .init("DRAM", .right),
    ])
    for (index, core) in cores.enumerated() {
      let counts = core.result.counts
      table.add(
        "\(index)", "\(seconds(core.lastCycle))", percent(core.result.macUtilization),
        percent(core.cycles(of: .compute), of: result.cycles),
        percent(core.cycles(of: .contention), of: result.cycles),
        percent(core.cycles(of: .otherCores), of: result.cycles),
        "\(Bytes(counts.memoryReadBytes + counts.memoryWriteBytes))")
    }
    return table
  }

  func seconds(_ cycles: Int) -> Seconds { Seconds(Double(cycles) / result.clock.value) }
}
