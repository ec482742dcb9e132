import Hardware
import Measures

/// Where operands come from when caches stand before main memory, and how fast.
///
/// Bytes that are used again come from the nearest level that still holds what was used between: of a working set twice
/// as large as a level, that level holds half. A level's rate is what its latency and the lines under way at once allow
/// (Little's law), and the bus.
struct MemoryTiers: Sendable {
  private struct Tier: Sendable {
    var capacity: Int
    /// Bytes in a core cycle.
    var rate: Double
  }

  private let tiers: [Tier]
  /// Bytes of main memory in a core cycle.
  let mainRate: Double
  /// Core cycles from a request to the first answer of main memory, beyond the bus to it.
  let latency: Int

  /// The levels of a machine whose main memory and bus move `rate` bytes in a core cycle.
  init(_ model: HardwareModel, rate: Double) {
    guard let nearest = model.caches.first else {
      (tiers, mainRate, latency) = ([], rate, 0)
      return
    }
    let line = Double(nearest.lineBytes)
    let bus = Double(model.dma.busBytes) * model.dma.clock.value / model.clock.value
    let memory = Self.latency(of: model.memory, clock: model.clock.value)
    var rates: [Double] = []
    for source in 0...model.caches.count {
      // From here down to the level that answers: how long a line is under way, and what that allows.
      var rate = source == model.caches.count ? rate : bus
      var time = source == model.caches.count ? memory : 0
      for index in stride(from: min(source, model.caches.count - 1), through: 0, by: -1) {
        let cache = model.caches[index]
        if index < source {
          time += Double(cache.wayBelowCycles)
          // Every other line that goes is taken to be a written one.
          let gone = Double(cache.writeBackCycles) / 2
          rate = min(rate, Double(cache.allMisses) * line / max(1, time + gone), line / max(1, gone))
        }
        time += Double(cache.latencyCycles)
        // A far level is also given the written lines.
        rate = min(rate, line / max(1, Double(cache.turnCycles) * (index == 0 ? 1 : 1.5)))
      }
      let trip = time + 2 * Double(model.dma.latencyCycles) * model.clock.value / model.dma.clock.value
      rates.append(min(rate, Double(model.dma.outstanding * model.dma.burstBytes) / max(1, trip)))
      if source == model.caches.count {
        latency = Int(time)
        mainRate = rates[source]
        tiers = zip(model.caches, rates).map { Tier(capacity: $0.capacity.count, rate: $1) }
        return
      }
    }
    (tiers, mainRate, latency) = ([], rate, 0)
  }

  /// Core cycles of an access to a closed row.
  private static func latency(of memory: MainMemory, clock: Double) -> Double {
    switch memory {
    case .pipe(let pipe): pipe.latency.value * clock
    case .dram(let system):
      Double(
        system.standard.timing.activateToRead + system.standard.timing.readLatency
          + system.standard.burstCycles)
        * clock / system.standard.clock.value
    }
  }

  var isEmpty: Bool { tiers.isEmpty }

  /// Bytes in a core cycle of what was used before, with `footprint` bytes used since.
  func rate(among footprint: Int) -> Double {
    var left = 1.0
    var cycles = 0.0
    for tier in tiers {
      let share = min(left, Double(tier.capacity) / Double(max(1, footprint)) * left)
      cycles += share / tier.rate
      left -= share
    }
    return 1 / (cycles + left / mainRate)
  }
}
