import Hardware

/// The DMA's way in: bursts are requested in order, arrive in order, and go to the scratchpad word by word.
struct LoadEngine {
  fileprivate var ring: BurstRing
  /// The transfer whose bursts are being requested; -1 when there is none.
  fileprivate var instruction = -1
  fileprivate var cursor: BurstCursor?
  fileprivate var nextRequest = 0
  /// The ring slot whose accesses are not all handed to the memory yet; -1 when there is none.
  fileprivate var openSlot = -1
  /// Whether the oldest burst is on its way into the scratchpad.
  fileprivate var delivers = false
  /// Whether a memory channel had no room for a request.
  fileprivate(set) var isBlocked = false
  fileprivate let beats: [BusBeat]

  init(dma: DMAEngine, scratchpads: [Scratchpad], toCore: ClockRatio) {
    ring = BurstRing(capacity: dma.outstanding)
    beats = scratchpads.map { BusBeat(dma: dma, wordBytes: $0.wordBytes, toCore: toCore) }
  }

  var isFree: Bool { instruction < 0 }

  @inline(__always)
  func nextEvent(after now: Int) -> Int {
    var next = Int.max
    if instruction >= 0, !isBlocked, openSlot >= 0 || !ring.isFull { next = max(nextRequest, now + 1) }
    if !delivers, !ring.isEmpty, ring[ring.head].accessesLeft == 0, ring[ring.head].arrival > now {
      next = min(next, ring[ring.head].arrival)
    }
    return next
  }
}

/// How the bus fills scratchpad words: words per step and core cycles per step.
struct BusBeat {
  let words: Int
  let interval: (whole: Int, numerator: Int, denominator: Int)

  init(dma: DMAEngine, wordBytes: Int, toCore: ClockRatio) {
    words = max(1, dma.busBytes / wordBytes)
    let busCycles = max(1, words * wordBytes / dma.busBytes)
    let (whole, numerator, denominator) = toCore.mixed
    let scaled = numerator * busCycles
    let cycles = whole * busCycles + scaled / denominator
    interval = cycles == 0 ? (1, 0, 1) : (cycles, scaled % denominator, denominator)
  }

  func steps(for words: Int) -> Int { (words + self.words - 1) / self.words }
}

extension MachineRun {
  mutating func startLoad(_ instruction: Int) {
    loads.instruction = instruction
    loads.cursor = BurstCursor(
      program.transfers[payload(of: instruction)], burstBytes: model.dma.burstBytes)
    loads.nextRequest = now + model.dma.setupCycles
  }

  mutating func advanceLoads() {
    deliverOldest()
    loads.isBlocked = false
    guard loads.instruction >= 0, now >= loads.nextRequest else { return }
    if loads.openSlot < 0 {
      guard !loads.ring.isFull, var cursor = loads.cursor else { return }
      loads.openSlot = loads.ring.nextIndex
      loads.ring.append(
        makeSlot(cursor.next(), of: loads.instruction, isLast: cursor.isAtEnd))
      loads.cursor = cursor
    }
    let slot = loads.openSlot
    while loads.ring[slot].nextAccess < loads.ring[slot].endAccess {
      let access = loads.ring[slot].nextAccess
      guard port.accepts(access) else {
        loads.isBlocked = true
        return
      }
      port.request(access, isWrite: false, tag: Int32(slot * 2), at: now)
      loads.ring[slot].nextAccess += 1
    }
    loads.openSlot = -1
    loads.nextRequest = toCore.firstEdge(atOrAfter: toBus.firstEdge(atOrAfter: now) + 1)
    if loads.ring[slot].isLast {
      loads.instruction = -1
      loads.cursor = nil
      isDirty = true
    }
  }

  /// A ring slot for a burst of a transfer.
  func makeSlot(_ burst: BurstCursor.Burst, of instruction: Int, isLast: Bool) -> BurstRing.Slot {
    let transfer = program.transfers[payload(of: instruction)]
    let word = model.scratchpads[transfer.memory].wordBytes
    let first = (burst.packedOffset + word - 1) / word
    let end = (burst.packedOffset + burst.bytes + word - 1) / word
    let firstAccess = burst.address / port.accessBytes
    let endAccess = (burst.address + burst.bytes - 1) / port.accessBytes + 1
    return BurstRing.Slot(
      instruction: instruction, accessesLeft: endAccess - firstAccess, arrival: 0, words: end - first,
      firstWord: first, isLast: isLast, nextAccess: firstAccess, endAccess: endAccess)
  }

  /// Starts to write the oldest burst into the scratchpad once it has arrived.
  private mutating func deliverOldest() {
    guard !loads.delivers, !loads.ring.isEmpty else { return }
    guard loads.ring[loads.ring.head].accessesLeft == 0, loads.ring[loads.ring.head].arrival <= now else {
      return
    }
    let slot = loads.ring[loads.ring.head]
    loads.delivers = true
    guard slot.words > 0 else {
      loadWordsFinished()
      return
    }
    let transfer = program.transfers[payload(of: slot.instruction)]
    let beat = loads.beats[transfer.memory]
    let wordBytes = model.scratchpads[transfer.memory].wordBytes
    let pattern = AccessPattern(
      memory: transfer.memory, address: transfer.scratchpadAddress + slot.firstWord * wordBytes,
      words: min(beat.words, slot.words), innerCount: Int.max >> 1, innerStride: beat.words, isWrite: true)
    arbiter.start(
      AccessGroup(
        AccessLane(pattern, fold: 0, in: model.scratchpads), steps: beat.steps(for: slot.words),
        firstBid: now + max(0, beat.interval.whole - 1), interval: beat.interval),
      as: .load)
  }

  mutating func loadWordsFinished() {
    loads.delivers = false
    let slot = loads.ring[loads.ring.head]
    loads.ring.removeFirst()
    isDirty = true
    guard slot.isLast else { return }
    let transfer = program.transfers[payload(of: slot.instruction)]
    let word = model.scratchpads[transfer.memory].wordBytes
    energy.chargeScratchpad(
      transfer.memory, reads: 0, writes: (transfer.bytes + word - 1) / word,
      layer: layer(of: slot.instruction),
      from: timeline.start[slot.instruction], to: now)
    complete(slot.instruction, at: now)
  }

  /// Books the completion of one access of main memory and wakes the burst it belongs to.
  mutating func collectMemory() {
    port.advance(to: now)
    guard port.completions.count > 0 else { return }
    for index in 0..<port.completions.count {
      let done = port.completions[index]
      let slot = Int(done.tag) >> 1
      let isWrite = done.tag & 1 != 0
      let end = port.coreCycle(of: done.cycle)
      let arrival = end + roundTrip
      let instruction: Int
      if isWrite {
        instruction = stores.noteAccess(slot, arrival: arrival)
      } else {
        loads.ring[slot].accessesLeft -= 1
        loads.ring[slot].arrival = max(loads.ring[slot].arrival, arrival)
        instruction = loads.ring[slot].instruction
      }
      energy.noteMemory(
        bytes: port.accessBytes, isWrite: isWrite, activates: Int(done.activates),
        layer: layer(of: instruction),
        at: end)
    }
    port.completions.removeAll()
  }
}
