import Hardware
import Measures

/// Main memory with its channels: accesses go in, completions come out in the order in which they were served.
struct MemorySystem {
  /// Bytes of one access; addresses are counted in accesses.
  let accessBytes: Int
  let channelCount: Int
  private let channels: UnsafeMutablePointer<DRAMChannel>
  private let decoder: DRAMAddressDecoder?
  private let toMemory: ClockRatio
  private let toCore: ClockRatio
  /// Fewest memory cycles from a command to the completion it brings.
  let leastLatency: Int
  /// Memory cycles in which an access holds the data bus of its channel.
  let burstCycles: Int
  /// For a pipe: the byte of its bandwidth from which on it is free, and its latency in bytes.
  private var pipeFree = 0
  private let pipeLatency: Int
  let prices: MemoryPrices
  let refreshEnergy: Double
  /// Standby power of all channels.
  let standby: Watts

  init(model: HardwareModel) {
    switch model.memory {
    case .dram(let system):
      accessBytes = system.standard.accessBytes
      channelCount = system.channels
      channels = .allocate(capacity: system.channels)
      for index in 0..<system.channels { (channels + index).initialize(to: DRAMChannel(system: system)) }
      decoder = DRAMAddressDecoder(system: system)
      toMemory = ClockRatio(from: model.clock, to: system.standard.clock)
      toCore = ClockRatio(from: system.standard.clock, to: model.clock)
      let timing = system.standard.timing
      burstCycles = system.standard.burstCycles
      leastLatency = min(timing.readLatency, timing.writeLatency) + burstCycles
      pipeLatency = 0
      let energy = system.standard.energy
      prices = MemoryPrices(
        readByte: energy.readPerByte.value, writeByte: energy.writePerByte.value,
        activate: energy.activatePrecharge.value)
      refreshEnergy = energy.refresh.value
      standby = energy.standby * Double(system.channels)
    case .pipe(let pipe):
      // A pipe is a clock domain in which one byte moves per cycle.
      let rate = Hertz(pipe.bandwidth.value)
      accessBytes = min(64, model.dma.burstBytes)
      channelCount = 1
      channels = .allocate(capacity: 1)
      decoder = nil
      toMemory = ClockRatio(from: model.clock, to: rate)
      toCore = ClockRatio(from: rate, to: model.clock)
      burstCycles = accessBytes
      pipeLatency = Int((pipe.latency.value * pipe.bandwidth.value).rounded())
      leastLatency = accessBytes + pipeLatency
      let byte = model.energyAtSupply.memoryByte.amount.value
      prices = MemoryPrices(readByte: byte, writeByte: byte, activate: 0)
      refreshEnergy = 0
      standby = .zero
    }
  }

  func deallocate() {
    channels.deinitialize(count: decoder == nil ? 0 : channelCount)
    channels.deallocate()
  }

  var isPipe: Bool { decoder == nil }

  /// The channel that holds access number `access`.
  @inline(__always)
  func channel(of access: Int) -> Int {
    guard let decoder else { return 0 }
    return decoder.decode(access * accessBytes).channel
  }

  /// Whether a channel has free places in its queue; a pipe has no queue and takes everything.
  @inline(__always)
  func hasRoom(_ channel: Int, for accesses: Int = 1) -> Bool {
    decoder == nil || channels[channel].freeSlots >= accesses
  }

  /// Hands an access to its channel in core cycle `cycle`; ``advance(to:into:)`` has been called for that cycle.
  mutating func request(
    _ access: Int, isWrite: Bool, tag: Int32, at cycle: Int, into completions: inout DRAMCompletions
  ) {
    let memoryCycle = toMemory.firstEdge(atOrAfter: cycle)
    guard let decoder else {
      let start = max(pipeFree, memoryCycle)
      pipeFree = start + accessBytes
      completions.append(tag: tag, cycle: pipeFree + pipeLatency)
      return
    }
    let place = decoder.decode(access * accessBytes)
    channels[place.channel].enqueue(
      bank: place.bank, row: place.row, column: place.column, isWrite: isWrite, tag: tag, at: memoryCycle)
  }

  /// Brings one channel to core cycle `cycle`.
  @inline(__always)
  mutating func advance(_ channel: Int, to cycle: Int, into completions: inout DRAMCompletions) {
    guard decoder != nil else { return }
    channels[channel].run(until: toMemory.firstEdge(atOrAfter: cycle), completions: &completions)
  }

  /// Brings all channels to core cycle `cycle`.
  @inline(__always)
  mutating func advance(to cycle: Int, into completions: inout DRAMCompletions) {
    guard decoder != nil else { return }
    let memoryCycle = toMemory.firstEdge(atOrAfter: cycle)
    for index in 0..<channelCount { channels[index].run(until: memoryCycle, completions: &completions) }
  }

  /// The core cycle from which what happened in memory cycle `cycle` can be seen.
  @inline(__always)
  func coreCycle(of cycle: Int) -> Int { toCore.firstEdge(atOrAfter: cycle) }

  /// The memory cycles in which the data of a completion crossed its channel's bus.
  func transfer(of done: DRAMCompletions.Entry) -> Range<Int> {
    let end = done.cycle - pipeLatency
    return end - burstCycles..<end
  }

  /// The first core cycle in which the completion of an access that is handed over in `cycle` may be seen.
  func leastCompletion(from cycle: Int) -> Int {
    cycle == Int.max
      ? cycle : toCore.firstEdge(atOrAfter: toMemory.firstEdge(atOrAfter: cycle) + leastLatency)
  }

  /// The next core cycle in which a channel's completion may appear; `Int.max` without requests.
  @inline(__always)
  func nextCompletion(_ channel: Int) -> Int {
    guard decoder != nil else { return Int.max }
    let command = channels[channel].nextCommandCycle
    return command == Int.max ? command : toCore.firstEdge(atOrAfter: command + leastLatency)
  }

  /// The next core cycle in which a full channel may have a free place.
  @inline(__always)
  func nextRoom(_ channel: Int) -> Int {
    guard decoder != nil else { return Int.max }
    let command = channels[channel].nextCommandCycle
    // A command can be seen from the first core edge after its own.
    return command == Int.max ? command : toCore.lastEdge(atOrBefore: command) + 1
  }

  /// When a pipe can take an access that waits no longer than for the one before it.
  var pipeOpens: Int {
    let byte = pipeFree - accessBytes
    return byte <= 0 ? 0 : toCore.lastEdge(atOrBefore: byte - 1) + 1
  }

  var activates: Int {
    guard decoder != nil else { return 0 }
    return (0..<channelCount).reduce(0) { $0 + channels[$1].counters.activates }
  }

  var refreshes: Int {
    guard decoder != nil else { return 0 }
    return (0..<channelCount).reduce(0) { $0 + channels[$1].counters.refreshes }
  }
}
