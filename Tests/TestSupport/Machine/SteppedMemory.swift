import Hardware
import Measures
import Simulator

/// Main memory, looked at in every core cycle.
protocol SteppedMemory: AnyObject {
  /// Bytes of one access.
  var accessBytes: Int { get }
  /// Lets what is visible in core cycle `cycle` happen; returns finished accesses: number and the core cycle in which
  /// their data had moved.
  func step(_ cycle: Int) -> [(access: Int, end: Int)]
  /// The channel of access `index`, and how many there are.
  func channel(of index: Int) -> Int
  var channelCount: Int { get }
  /// Whether a channel that is fed by a crossbar takes an access now.
  func isOpen(_ channel: Int) -> Bool
  /// The core cycles in which the data of an access crossed the channel's bus.
  func crossing(of access: Int) -> Range<Int>
  /// Whether access `index` (its byte address / ``accessBytes``) may be handed over now.
  func hasRoom(for index: Int) -> Bool
  /// Whether `accesses` that follow each other from `index` on may be handed over now.
  func hasRoom(for index: Int, accesses: Int) -> Bool
  /// Hands access `index` over in core cycle `cycle` under a number.
  func request(_ index: Int, number: Int, isWrite: Bool, in cycle: Int)
}

/// The product `cycle × numerator / denominator`, rounded up.
func roundedUp(_ cycle: Int, _ numerator: Int, _ denominator: Int) -> Int {
  let (quotient, remainder) = denominator.dividingFullWidth(cycle.multipliedFullWidth(by: numerator))
  return quotient + (remainder > 0 ? 1 : 0)
}

/// A pipe through which one byte moves in each tick of `bytes per second`.
final class SteppedPipe: SteppedMemory {
  let accessBytes: Int
  private let clock: Int
  private let rate: Int
  private let latency: Int
  private var queue: [(number: Int, left: Int)] = []
  private var finished: [(access: Int, end: Int)] = []
  private var crossings: [Int: Range<Int>] = [:]
  /// Ticks that have passed.
  private var tick = 0

  init(_ pipe: MemoryPipe, burstBytes: Int, clock: Hertz) {
    accessBytes = min(64, burstBytes)
    self.clock = Int(clock.value)
    rate = Int(pipe.bandwidth.value)
    latency = Int((pipe.latency.value * pipe.bandwidth.value).rounded())
  }

  func step(_ cycle: Int) -> [(access: Int, end: Int)] {
    // Every tick that began before this core cycle moves a byte of the oldest access.
    while tick < roundedUp(cycle, rate, clock) {
      tick += 1
      guard !queue.isEmpty else { continue }
      queue[0].left -= 1
      if queue[0].left == 0 {
        finished.append((queue[0].number, roundedUp(tick + latency, clock, rate)))
        crossings[queue[0].number] = roundedUp(tick - accessBytes, clock, rate)..<roundedUp(tick, clock, rate)
        queue.removeFirst()
      }
    }
    defer { finished = [] }
    return finished
  }

  func hasRoom(for index: Int) -> Bool { true }
  func hasRoom(for index: Int, accesses: Int) -> Bool { true }

  let channelCount = 1
  func channel(of index: Int) -> Int { 0 }
  func isOpen(_ channel: Int) -> Bool { queue.map(\.left).reduce(0, +) <= accessBytes }
  func crossing(of access: Int) -> Range<Int> { crossings[access] ?? 0..<0 }

  func request(_ index: Int, number: Int, isWrite: Bool, in cycle: Int) {
    queue.append((number, accessBytes))
  }
}

/// DRAM channels, one command clock at a time; the channel has a twin of its own.
final class SteppedDRAM: SteppedMemory {
  let accessBytes: Int
  private let clock: Int
  private let commandClock: Int
  private let decoder: DRAMAddressDecoder
  private let channels: [Channel]
  private var tick = 0
  private let burst: Int
  private var crossings: [Int: Range<Int>] = [:]

  private final class Channel {
    var channel: DRAMChannel
    init(_ system: DRAMSystem) { channel = DRAMChannel(system: system) }
  }

  init(_ system: DRAMSystem, clock: Hertz) {
    accessBytes = system.standard.accessBytes
    self.clock = Int(clock.value.rounded())
    commandClock = Int(system.standard.clock.value.rounded())
    decoder = DRAMAddressDecoder(system: system)
    burst = system.standard.burstCycles
    channels = (0..<system.channels).map { _ in Channel(system) }
  }

  func step(_ cycle: Int) -> [(access: Int, end: Int)] {
    var done = DRAMCompletions()
    while tick < roundedUp(cycle, commandClock, clock) {
      tick += 1
      for channel in channels { channel.channel.run(until: tick, completions: &done) }
    }
    for entry in done.entries {
      crossings[Int(entry.tag)] =
        roundedUp(entry.cycle - burst, clock, commandClock)..<roundedUp(entry.cycle, clock, commandClock)
    }
    return done.entries.map { (Int($0.tag), roundedUp($0.cycle, clock, commandClock)) }
  }

  var channelCount: Int { channels.count }
  func channel(of index: Int) -> Int { decoder.decode(index * accessBytes).channel }
  func isOpen(_ channel: Int) -> Bool { channels[channel].channel.freeSlots > 0 }
  func crossing(of access: Int) -> Range<Int> { crossings[access] ?? 0..<0 }

  func hasRoom(for index: Int) -> Bool {
    channels[decoder.decode(index * accessBytes).channel].channel.freeSlots > 0
  }

  /// As if they all went to the same channel.
  func hasRoom(for index: Int, accesses: Int) -> Bool {
    (index..<(index + accesses)).allSatisfy {
      channels[decoder.decode($0 * accessBytes).channel].channel.freeSlots >= accesses
    }
  }

  func request(_ index: Int, number: Int, isWrite: Bool, in cycle: Int) {
    let place = decoder.decode(index * accessBytes)
    channels[place.channel].channel.enqueue(
      bank: place.bank, row: place.row, column: place.column, isWrite: isWrite, tag: Int32(number), at: tick)
  }
}
