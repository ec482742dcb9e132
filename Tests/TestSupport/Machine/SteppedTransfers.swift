import Hardware
import Measures

/// One direction of the DMA, stepped cycle by cycle: bursts in a window of limited length, oldest first.
final class SteppedTransfers {
  final class Burst {
    let instruction: Int
    var accesses: [Int]
    var unfinished: Int
    /// The core cycle in which all accesses are done and back.
    var arrival = 0
    var firstWord = 0
    var words = 0
    let isLast: Bool
    /// Whether its words have been read (a store's).
    var isRead = false

    init(instruction: Int, accesses: [Int], isLast: Bool) {
      self.instruction = instruction
      self.accesses = accesses
      unfinished = accesses.count
      self.isLast = isLast
    }
  }

  let isStore: Bool
  private unowned let machine: SteppedMachine
  private let model: HardwareModel
  /// Bursts of the transfer under way that are still to be requested (or read).
  private var todo: [Burst] = []
  private var window: [Burst] = []
  private var isWalking = false
  private var knownPages: [Int] = []
  /// The earliest cycle for the next request.
  private var earliest = 0
  /// A burst that was cut but could not be handed over whole.
  private var open: Burst?
  /// The bus cycle with which a burst may begin.
  private var busFree = 0
  private(set) var wordsMoved: [Int]

  init(isStore: Bool, machine: SteppedMachine, model: HardwareModel) {
    self.isStore = isStore
    self.machine = machine
    self.model = model
    wordsMoved = model.scratchpads.map { _ in 0 }
  }

  var isFree: Bool { todo.isEmpty && open == nil && !(isStore && isWalking) }

  private var core: Int { Int(model.clock.value) }
  private var bus: Int { Int(model.dma.clock.value) }

  func start(_ instruction: Int, _ transfer: Transfer, in cycle: Int) {
    earliest = max(isStore ? 0 : earliest, cycle + model.dma.setupCycles)
    // Cut every run where it crosses a burst boundary.
    let longest = isStore && model.dma.storeBurstBytes > 0 ? model.dma.storeBurstBytes : model.dma.burstBytes
    var pieces: [(address: Int, bytes: Int)] = []
    for outer in 0..<transfer.outerCount {
      for inner in 0..<transfer.innerCount {
        var address = transfer.address + outer * transfer.outerStride + inner * transfer.innerStride
        var left = transfer.runBytes
        while left > 0 {
          let bytes = min(left, (address / longest + 1) * longest - address)
          pieces.append((address, bytes))
          address += bytes
          left -= bytes
        }
      }
    }
    let word = model.scratchpads[transfer.memory].wordBytes
    let size = machine.memory.accessBytes
    var packed = 0
    for (index, piece) in pieces.enumerated() {
      let isLast = index == pieces.count - 1
      let burst = Burst(
        instruction: instruction,
        accesses: Array(piece.address / size...(piece.address + piece.bytes - 1) / size), isLast: isLast)
      // The words whose first byte (store) or last byte (load) is in the burst.
      let bytes = packed..<(packed + piece.bytes)
      let total = transfer.bytes
      let words = (0...((total - 1) / word)).filter {
        bytes.contains(isStore ? $0 * word : min($0 * word + word, total) - 1)
      }
      burst.firstWord = words.first ?? 0
      burst.words = words.count
      packed += piece.bytes
      todo.append(burst)
    }
  }

  /// A burst's access is done.
  func finishAccess(of burst: Burst, at arrival: Int) {
    burst.unfinished -= 1
    burst.arrival = max(burst.arrival, arrival)
  }

  private func isBack(_ burst: Burst, _ cycle: Int) -> Bool {
    burst.accesses.isEmpty && burst.unfinished == 0 && burst.arrival <= cycle
  }

  /// Stores that are done by this cycle.
  func completeStores(_ cycle: Int) {
    while let burst = window.first, burst.isRead, isBack(burst, cycle) {
      window.removeFirst()
      if burst.isLast { machine.complete(burst.instruction, at: cycle) }
    }
  }

  func step(_ cycle: Int) {
    if isStore { stepStore(cycle) } else { stepLoad(cycle) }
  }

  private func stepLoad(_ cycle: Int) {
    if !isWalking, let burst = window.first, isBack(burst, cycle) {
      if burst.words == 0 { window.removeFirst() } else { walk(burst, cycle) }
    }
    guard cycle >= earliest else { return }
    if open == nil {
      guard let next = todo.first, window.count < model.dma.outstanding else { return }
      let page = next.accesses[0] * machine.memory.accessBytes / 4096
      if model.dma.firstTouchCycles > 0, !knownPages.contains(page) {
        knownPages.append(page)
        earliest = cycle + model.dma.firstTouchCycles
        return
      }
      let burst = todo.removeFirst()
      open = burst
      window.append(burst)
    }
    guard let burst = open, handOver(burst, cycle) else { return }
    open = nil
    // One burst a bus cycle.
    earliest = roundedUp(roundedUp(cycle, bus, core) + 1, core, bus)
  }

  private func stepStore(_ cycle: Int) {
    if !isWalking, !todo.isEmpty, cycle >= earliest, window.count < model.dma.outstanding {
      let burst = todo.removeFirst()
      window.append(burst)
      if burst.words == 0 { burst.isRead = true } else { walk(burst, cycle) }
    }
    for burst in window where burst.isRead {
      guard handOver(burst, cycle) else { return }
    }
  }

  /// Hands over accesses while the memory has room; returns whether all are.
  private func handOver(_ burst: Burst, _ cycle: Int) -> Bool {
    while let access = burst.accesses.first {
      guard machine.memory.hasRoom(for: access) else { return false }
      machine.request(access, for: burst, of: self, in: cycle)
      burst.accesses.removeFirst()
    }
    return true
  }

  /// Moves a burst's words between bus and scratchpad.
  private func walk(_ burst: Burst, _ cycle: Int) {
    isWalking = true
    let transfer = machine.transfer(of: burst.instruction)
    let word = model.scratchpads[transfer.memory].wordBytes
    let wordsPerBeat = max(1, model.dma.busBytes / word)
    let beatCycles = max(1, wordsPerBeat * word / model.dma.busBytes)
    let beats = (burst.words + wordsPerBeat - 1) / wordsPerBeat
    wordsMoved[transfer.memory] += burst.words
    let isShort = beatCycles * core < bus
    let start = roundedUp(busFree, core, bus) >= cycle ? busFree : roundedUp(cycle, bus, core)
    let (core, bus) = (core, bus)
    let nominal: (Int) -> Int = {
      isShort ? cycle + $0 : roundedUp(start + ($0 + 1) * beatCycles, core, bus) - 1
    }
    machine.scratchpads.walkers[isStore ? 4 : 3] = SteppedWalker(
      lanes: [
        SteppedWalker.Lane(
          pattern: AccessPattern(
            memory: transfer.memory, address: transfer.scratchpadAddress + burst.firstWord * word,
            words: min(wordsPerBeat, burst.words), innerCount: beats, innerStride: wordsPerBeat,
            isWrite: !isStore), fold: 0)
      ], steps: beats, firstBid: max(cycle, nominal(0)), nominalCycle: nominal
    ) { [self] walker in
      isWalking = false
      if !isShort {
        busFree = start + beats * beatCycles
        if walker.refusals > 0 { busFree = max(busFree, roundedUp(walker.servedAt, bus, core)) }
      }
      if isStore {
        burst.isRead = true
        earliest = max(earliest, walker.servedAt)
      } else {
        window.removeFirst()
        if burst.isLast { machine.complete(burst.instruction, at: walker.servedAt) }
      }
    }
  }
}
