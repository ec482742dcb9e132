package import Hardware
import Measures

/// How long accesses to a memory take as they come faster: the latency-throughput curve of a DRAM system.
///
/// Accesses that find the controller's queue full wait before it, and that wait counts; each channel has such a
/// line of its own. Shares are of the peak bandwidth, times in cycles of the command clock.
package struct DRAMLoadCurve: Hashable, Sendable {
  /// What one rate of arrivals gave.
  package struct Point: Hashable, Sendable {
    /// The rate of arrivals, and what was served until the last access had ended.
    package var offered: Double
    package var delivered: Double
    /// From an access' arrival to the end of its data: mean, 95th percentile and longest.
    package var mean: Double
    package var slow: Int
    package var worst: Int
  }

  package let traffic: DRAMTraffic
  /// What is served when all accesses are there from the beginning.
  package let saturation: Double
  /// Latency of an access that finds the memory idle and all rows closed.
  package let idle: Int
  /// By rising rate.
  package let points: [Point]

  /// Shares of the saturation at which points lie.
  package static let loads = (1...19).map { Double($0) / 20 } + [0.98]

  /// Measures the curve of `system` under `traffic`: O(points × accesses) commands.
  package init(_ traffic: DRAMTraffic, on system: DRAMSystem, loads: [Double] = loads) {
    let run = Run(traffic, system)
    self.traffic = traffic
    let saturation = run.point(offered: .infinity).delivered
    self.saturation = saturation
    points = loads.map { run.point(offered: saturation * $0) }
    let first = DRAMTraffic(traffic.pattern, accesses: 1, seed: traffic.seed)
    idle = Run(first, system).point(offered: 1).worst
  }

  /// The accesses of a traffic dealt out to channels.
  private struct Run {
    let system: DRAMSystem
    let accesses: [DRAMTraffic.Access]
    /// Places of the accesses, and their indices, by channel.
    let places: [DRAMLocation]
    let byChannel: [[Int]]

    init(_ traffic: DRAMTraffic, _ system: DRAMSystem) {
      self.system = system
      let bytes = system.standard.accessBytes
      accesses = traffic.sequence(capacity: system.capacity.count / bytes)
      let decoder = DRAMAddressDecoder(system: system)
      let places = accesses.map { decoder.decode($0.number * bytes) }
      self.places = places
      byChannel = (0..<system.channels).map { channel in
        places.indices.filter { places[$0].channel == channel }
      }
    }

    func point(offered: Double) -> Point {
      // A full bus takes an access every `burst` cycles in each channel.
      let stretch = Double(system.standard.burstCycles) / (offered * Double(system.channels))
      let arrivals = accesses.map { Int($0.time * stretch) }
      var latencies: [Int] = []
      latencies.reserveCapacity(accesses.count)
      var end = 1
      for channel in byChannel {
        for entry in serve(channel, arrivals) {
          latencies.append(entry.cycle - arrivals[Int(entry.tag)])
          end = max(end, entry.cycle)
        }
      }
      latencies.sort()
      let count = latencies.count
      let busy = Double(count * system.standard.burstCycles) / Double(system.channels)
      return Point(
        offered: min(1, offered), delivered: busy / Double(end),
        mean: Double(latencies.reduce(0, +)) / Double(count), slow: latencies[(count - 1) * 95 / 100],
        worst: latencies[count - 1])
    }

    /// Runs one channel from command to command.
    private func serve(_ indices: [Int], _ arrivals: [Int]) -> [DRAMCompletions.Entry] {
      var channel = DRAMChannel(system: system)
      var completions = DRAMCompletions(reserving: indices.count)
      var next = 0
      var cycle = 0
      while next < indices.count || channel.freeSlots < system.queueDepth {
        while next < indices.count, channel.freeSlots > 0, arrivals[indices[next]] <= cycle {
          let index = indices[next]
          let place = places[index]
          channel.enqueue(
            bank: place.bank, row: place.row, column: place.column, isWrite: accesses[index].isWrite,
            tag: Int32(index), at: cycle)
          next += 1
        }
        let arrival = next < indices.count && channel.freeSlots > 0 ? arrivals[indices[next]] : Int.max
        let command = channel.nextCommandCycle
        cycle = min(arrival, command == Int.max ? command : command + 1)
        channel.run(until: cycle, completions: &completions)
      }
      return completions.entries
    }
  }
}
