import Hardware

/// The DMA's way out: words are read from the scratchpad burst by burst and handed to main memory in order.
struct StoreEngine {
  private var ring: BurstRing
  /// The transfer whose words are being read; -1 when there is none.
  fileprivate var instruction = -1
  fileprivate var cursor: BurstCursor?
  fileprivate var nextRead = 0
  /// Whether words of the youngest burst are being read.
  fileprivate var reads = false
  /// Bursts from the oldest on whose words have all been read.
  fileprivate var readyBursts = 0
  /// Bursts from the oldest on whose accesses have all been handed to the memory.
  fileprivate var handedBursts = 0
  fileprivate(set) var isBlocked = false
  fileprivate let beats: [BusBeat]
  fileprivate var bus: BusDirection

  init(dma: DMAEngine, scratchpads: [Scratchpad], toCore: ClockRatio, toBus: ClockRatio) {
    bus = BusDirection(toCore: toCore, toBus: toBus)
    ring = BurstRing(capacity: dma.outstanding)
    beats = scratchpads.map { BusBeat(dma: dma, wordBytes: $0.wordBytes, toCore: toCore) }
  }

  var isFree: Bool { instruction < 0 }

  @inline(__always)
  func nextEvent(after now: Int) -> Int {
    var next = Int.max
    if instruction >= 0, !reads, !ring.isFull { next = max(nextRead, now + 1) }
    if handedBursts > 0, ring[ring.head].accessesLeft == 0, ring[ring.head].arrival > now {
      next = min(next, ring[ring.head].arrival)
    }
    return next
  }

  /// Notes that an access of a burst is done.
  mutating func noteAccess(_ slot: Int, arrival: Int) {
    ring[slot].accessesLeft -= 1
    ring[slot].arrival = max(ring[slot].arrival, arrival)
  }

  /// The instruction to which a burst belongs.
  func instruction(of slot: Int) -> Int { ring[slot].instruction }

  fileprivate var isFull: Bool { ring.isFull }
  fileprivate mutating func append(_ slot: BurstRing.Slot) { ring.append(slot) }
  fileprivate func slotIndex(_ offset: Int) -> Int { (ring.head + offset) % ring.capacity }
  fileprivate subscript(slot: Int) -> BurstRing.Slot {
    _read { yield ring[slot] }
    _modify { yield &ring[slot] }
  }

  /// The oldest burst if it has reached the memory by `now`.
  fileprivate func oldestDone(by now: Int) -> BurstRing.Slot? {
    guard handedBursts > 0, ring[ring.head].accessesLeft == 0, ring[ring.head].arrival <= now else {
      return nil
    }
    return ring[ring.head]
  }

  fileprivate mutating func removeOldest() {
    ring.removeFirst()
    readyBursts -= 1
    handedBursts -= 1
  }
}

extension MachineRun {
  mutating func startStore(_ instruction: Int) {
    stores.instruction = instruction
    stores.cursor = BurstCursor(
      program.transfers[payload(of: instruction)], burstBytes: model.dma.longestStoreBurst)
    stores.nextRead = now + model.dma.setupCycles
  }

  /// Completes the stores whose last burst has reached the memory.
  mutating func completeStores() {
    while let slot = stores.oldestDone(by: now) {
      stores.removeOldest()
      if slot.isLast { finishStore(slot.instruction) }
    }
  }

  mutating func advanceStores() {
    readNextBurst()
    handToMemory()
  }

  private mutating func finishStore(_ instruction: Int) {
    let transfer = program.transfers[payload(of: instruction)]
    let word = model.scratchpads[transfer.memory].wordBytes
    energy.chargeScratchpad(
      transfer.memory, reads: (transfer.bytes + word - 1) / word, writes: 0, layer: layer(of: instruction),
      from: timeline.start[instruction], to: now)
    complete(instruction, at: now)
  }

  private mutating func readNextBurst() {
    guard stores.instruction >= 0, !stores.reads, now >= stores.nextRead, !stores.isFull,
      var cursor = stores.cursor
    else { return }
    let slot = makeSlot(
      cursor.next(), of: stores.instruction, isStore: true, isLast: cursor.isAtEnd)
    stores.append(slot)
    stores.cursor = cursor
    stores.reads = true
    guard slot.words > 0 else {
      storeWordsFinished()
      return
    }
    let transfer = program.transfers[payload(of: slot.instruction)]
    let beat = stores.beats[transfer.memory]
    let wordBytes = model.scratchpads[transfer.memory].wordBytes
    let pattern = AccessPattern(
      memory: transfer.memory, address: transfer.scratchpadAddress + slot.firstWord * wordBytes,
      words: min(beat.words, slot.words), innerCount: Int.max >> 1, innerStride: beat.words)
    let steps = beat.steps(for: slot.words)
    let times = stores.bus.begin(steps: steps, of: beat, at: now)
    arbiter.start(
      AccessGroup(
        AccessLane(pattern, fold: 0, in: model.scratchpads), steps: steps, firstBid: times.firstBid,
        interval: beat.interval, phase: times.phase),
      as: .store)
  }

  mutating func storeWordsFinished() {
    stores.reads = false
    stores.readyBursts += 1
    stores.nextRead = now
    isDirty = true
    let slot = stores.slotIndex(stores.readyBursts - 1)
    if stores[slot].words > 0 { stores.bus.finish(at: now, refusals: arbiter.group(.store).stalls) }
    if stores[slot].isLast {
      stores.instruction = -1
      stores.cursor = nil
    }
  }

  private mutating func handToMemory() {
    stores.isBlocked = false
    while stores.handedBursts < stores.readyBursts {
      let slot = stores.slotIndex(stores.handedBursts)
      while stores[slot].nextAccess < stores[slot].endAccess {
        let access = stores[slot].nextAccess
        guard port.accepts(access, at: now) else {
          stores.isBlocked = true
          return
        }
        port.request(
          access, isWrite: true, tag: Int32(slot * 2 + 1), layer: layer(of: stores[slot].instruction), at: now
        )
        stores[slot].nextAccess += 1
      }
      stores.handedBursts += 1
    }
  }
}
