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
  /// Pages whose addresses are known; kept only where a first touch costs time.
  var touchedPages: Set<Int> = []
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
    if instruction >= 0, !isBlocked, openSlot >= 0 || !ring.isFull { next = max(nextRequest, now + 1) }
    if !delivers, !ring.isEmpty, ring[ring.head].accessesLeft == 0, ring[ring.head].arrival > now {
      next = min(next, ring[ring.head].arrival)
    }
    return next
  }
}

extension MachineRun {
  mutating func startLoad(_ instruction: Int) {
    loads.instruction = instruction
    loads.cursor = BurstCursor(
      program.transfers[payload(of: instruction)], burstBytes: model.dma.burstBytes)
    loads.nextRequest = max(loads.nextRequest, now + model.dma.setupCycles)
  }

  mutating func advanceLoads() {
    deliverOldest()
    loads.isBlocked = false
    guard loads.instruction >= 0, now >= loads.nextRequest else { return }
    if loads.openSlot < 0 {
      guard !loads.ring.isFull, var cursor = loads.cursor else { return }
      let burst = cursor.next()
      if model.dma.firstTouchCycles > 0,
        loads.touchedPages.insert(burst.address / DMAEngine.pageBytes).inserted
      {
        loads.nextRequest = now + model.dma.firstTouchCycles
        return
      }
      loads.openSlot = loads.ring.nextIndex
      loads.ring.append(
        makeSlot(burst, of: loads.instruction, isStore: false, isLast: cursor.isAtEnd))
      loads.cursor = cursor
    }
    let slot = loads.openSlot
    while loads.ring[slot].nextAccess < loads.ring[slot].endAccess {
      let access = loads.ring[slot].nextAccess
      guard port.accepts(access, at: now) else {
        loads.isBlocked = true
        return
      }
      port.request(
        access, isWrite: false, tag: Int32(slot * 2), layer: layer(of: loads.ring[slot].instruction), at: now)
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
  ///
  /// A word that two bursts share is read with the first of them, and written with the last.
  func makeSlot(
    _ burst: BurstCursor.Burst, of instruction: Int, isStore: Bool, isLast: Bool
  ) -> BurstRing.Slot {
    let transfer = program.transfers[payload(of: instruction)]
    let word = model.scratchpads[transfer.memory].wordBytes
    let first = (burst.packedOffset + (isStore ? word - 1 : 0)) / word
    let end = (burst.packedOffset + burst.bytes + (isStore || isLast ? word - 1 : 0)) / word
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
    let steps = beat.steps(for: slot.words)
    let times = loads.bus.begin(steps: steps, of: beat, at: now)
    arbiter.start(
      AccessGroup(
        AccessLane(pattern, fold: 0, in: model.scratchpads), steps: steps, firstBid: times.firstBid,
        interval: beat.interval, phase: times.phase),
      as: .load)
  }

  mutating func loadWordsFinished() {
    loads.delivers = false
    let slot = loads.ring[loads.ring.head]
    if slot.words > 0 { loads.bus.finish(at: now, refusals: arbiter.group(.load).stalls) }
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

  /// Books what main memory did, and wakes the bursts whose accesses have been answered.
  mutating func collectMemory() {
    port.advance(to: now)
    guard !port.answers.isEmpty || !port.traffic.isEmpty else { return }
    for work in port.traffic {
      let layer =
        switch work.origin {
        case .layer(let layer): layer
        case .tag(let tag): layer(of: instruction(ofTag: tag))
        }
      energy.noteMemory(
        bytes: port.accessBytes, isWrite: work.isWrite, activates: work.activates, layer: layer,
        at: work.cycle)
    }
    for answer in port.answers {
      let slot = Int(answer.tag) >> 1
      let arrival = answer.cycle + roundTrip
      energy.noteBus(
        bytes: port.accessBytes, layer: layer(of: instruction(ofTag: answer.tag)), at: answer.cycle)
      if answer.tag & 1 != 0 {
        stores.noteAccess(slot, arrival: arrival)
      } else {
        loads.ring[slot].accessesLeft -= 1
        loads.ring[slot].arrival = max(loads.ring[slot].arrival, arrival)
      }
    }
    port.removeAnswers()
  }

  /// The instruction of the burst that made an access.
  private func instruction(ofTag tag: Int32) -> Int {
    let slot = Int(tag) >> 1
    return tag & 1 != 0 ? stores.instruction(of: slot) : loads.ring[slot].instruction
  }
}
