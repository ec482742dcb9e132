import Hardware
import Measures

/// Main memory as the DMA of one core sees it: accesses go in, completions come out.
///
/// A core alone hands its accesses straight to the memory's channels; where several cores share it, they go through
/// the crossbar.
struct MemoryPort {
  /// Bytes of one access; addresses are counted in accesses.
  let accessBytes: Int
  /// Completed accesses: tag and the memory cycle in which the data had moved.
  var completions = DRAMCompletions()
  private let memory: UnsafeMutablePointer<MemorySystem>
  private let crossbar: UnsafeMutablePointer<Crossbar>?
  private let core: Int

  /// The port of a core that has the memory to itself, or shares it through a crossbar.
  init(
    _ memory: UnsafeMutablePointer<MemorySystem>, crossbar: UnsafeMutablePointer<Crossbar>? = nil,
    core: Int = 0
  ) {
    self.memory = memory
    self.crossbar = crossbar
    self.core = core
    accessBytes = memory.pointee.accessBytes
  }

  var prices: MemoryPrices { memory.pointee.prices }

  /// Whether the memory takes access number `access` now.
  func accepts(_ access: Int) -> Bool {
    let channel = memory.pointee.channel(of: access)
    guard let crossbar else { return memory.pointee.hasRoom(channel) }
    return crossbar.pointee.hasRoom(core: core, channel: channel)
  }

  /// Hands an access to the memory in core cycle `cycle`; ``advance(to:)`` has been called for that cycle.
  mutating func request(_ access: Int, isWrite: Bool, tag: Int32, at cycle: Int) {
    guard let crossbar else {
      memory.pointee.request(access, isWrite: isWrite, tag: tag, at: cycle, into: &completions)
      return
    }
    crossbar.pointee.enqueue(
      Crossbar.Request(access: access, isWrite: isWrite, tag: tag, since: cycle), core: core,
      channel: memory.pointee.channel(of: access))
  }

  /// Brings the memory to core cycle `cycle`.
  mutating func advance(to cycle: Int) {
    guard let crossbar else {
      memory.pointee.advance(to: cycle, into: &completions)
      return
    }
    crossbar.pointee.deliver(to: core, into: &completions)
  }

  /// The core cycle from which what happened in memory cycle `cycle` can be seen.
  func coreCycle(of cycle: Int) -> Int { memory.pointee.coreCycle(of: cycle) }

  /// The next core cycle at which the memory must be looked at: when a completion may appear or, for somebody who is
  /// waiting for a place in a queue, when one may become free.
  @inline(__always)
  func nextEvent(isBlocked: Bool) -> Int {
    if !completions.isEmpty { return 0 }
    if let crossbar {
      return crossbar.pointee.nextEvent(of: core, isBlocked: isBlocked, memory: &memory.pointee)
    }
    var next = Int.max
    for index in 0..<memory.pointee.channelCount {
      next = min(
        next, isBlocked ? memory.pointee.nextRoom(index) : memory.pointee.nextCompletion(index))
    }
    return next
  }

  /// Contention before `cycle` will not be asked for any more.
  mutating func forgetContention(before cycle: Int) {
    crossbar?.pointee.forgetContention(of: core, before: cycle)
  }

  /// The cycles of a stretch in which another core was served while this one had an access waiting.
  mutating func contendedCycles(in stretch: Range<Int>) -> Int {
    crossbar?.pointee.logs[core].cycles(in: stretch) ?? 0
  }
}
