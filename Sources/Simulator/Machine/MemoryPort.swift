import Hardware
import Measures

/// Main memory as the DMA sees it: accesses go in, completions come out.
struct MemoryPort {
  /// Bytes of one access; addresses are counted in accesses.
  let accessBytes: Int
  /// Completed accesses: tag and the memory cycle in which the data had moved.
  var completions = DRAMCompletions()
  private let channels: UnsafeMutablePointer<DRAMChannel>
  private let channelCount: Int
  private let decoder: DRAMAddressDecoder?
  private let toMemory: ClockRatio
  private let toCore: ClockRatio
  /// Fewest memory cycles from a command to the completion it brings.
  private let leastLatency: Int
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
      leastLatency = min(timing.readLatency, timing.writeLatency) + system.standard.burstCycles
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
      channelCount = 0
      channels = .allocate(capacity: 1)
      decoder = nil
      toMemory = ClockRatio(from: model.clock, to: rate)
      toCore = ClockRatio(from: rate, to: model.clock)
      leastLatency = 0
      pipeLatency = Int((pipe.latency.value * pipe.bandwidth.value).rounded())
      let byte = model.energy.memoryByte.amount.value
      prices = MemoryPrices(readByte: byte, writeByte: byte, activate: 0)
      refreshEnergy = 0
      standby = .zero
    }
  }

  func deallocate() {
    channels.deinitialize(count: channelCount)
    channels.deallocate()
  }

  /// Whether the memory takes access number `access` now.
  func accepts(_ access: Int) -> Bool {
    guard let decoder else { return true }
    return channels[decoder.decode(access * accessBytes).channel].freeSlots > 0
  }

  /// Hands an access to the memory in core cycle `cycle`; ``advance(to:)`` has been called for that cycle.
  mutating func request(_ access: Int, isWrite: Bool, tag: Int32, at cycle: Int) {
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

  /// Brings the memory to core cycle `cycle`.
  mutating func advance(to cycle: Int) {
    let memoryCycle = toMemory.firstEdge(atOrAfter: cycle)
    for index in 0..<channelCount {
      channels[index].run(until: memoryCycle, completions: &completions)
    }
  }

  /// The core cycle from which what happened in memory cycle `cycle` can be seen.
  func coreCycle(of cycle: Int) -> Int { toCore.firstEdge(atOrAfter: cycle) }

  /// The next core cycle at which the memory must be looked at: when a completion may appear or, for somebody who is
  /// waiting for a place in a queue, when the next command frees one.
  @inline(__always)
  func nextEvent(isBlocked: Bool) -> Int {
    if !completions.isEmpty { return 0 }
    var next = Int.max
    for index in 0..<channelCount {
      let command = channels[index].nextCommandCycle
      guard command != Int.max else { continue }
      // A command can be seen from the first core edge after its own.
      next = min(
        next,
        isBlocked
          ? toCore.lastEdge(atOrBefore: command) + 1 : toCore.firstEdge(atOrAfter: command + leastLatency))
    }
    return next
  }

  var activates: Int {
    var total = 0
    for index in 0..<channelCount { total += channels[index].counters.activates }
    return total
  }

  var refreshes: Int {
    var total = 0
    for index in 0..<channelCount { total += channels[index].counters.refreshes }
    return total
  }
}
