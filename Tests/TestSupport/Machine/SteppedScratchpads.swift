import Hardware

/// Somebody who walks through scratchpads: up to three patterns in lock step, one access of each in a step.
final class SteppedWalker {
  /// One pattern and the fold in which it is walked.
  struct Lane {
    var pattern: AccessPattern
    var fold: Int
  }

  let lanes: [Lane]
  let steps: Int
  /// The cycle of step `i` if nobody were in the way, counted from any beginning.
  let nominalCycle: (Int) -> Int
  /// What happens in the cycle after the last step.
  let whenDone: (SteppedWalker) -> Void
  var step = 0
  var nextBid: Int
  var waiting: [Bool]
  /// Cycles in which some lane went without.
  var refusals = 0
  /// The cycle after the last step was served.
  var servedAt = 0

  init(
    lanes: [Lane], steps: Int, firstBid: Int, nominalCycle: @escaping (Int) -> Int,
    whenDone: @escaping (SteppedWalker) -> Void
  ) {
    self.lanes = lanes.filter { $0.pattern.memory >= 0 }
    self.steps = steps
    self.nominalCycle = nominalCycle
    self.whenDone = whenDone
    nextBid = firstBid
    waiting = self.lanes.map { _ in true }
  }
}

/// Scratchpads as tables of banks and ports: in each cycle every walker in turn takes what is left.
final class SteppedScratchpads {
  private let memories: [Scratchpad]
  /// In the order of a fixed arbitration: the array's stream, its side, vector unit, load, store.
  var walkers: [SteppedWalker?] = Array(repeating: nil, count: 5)
  private(set) var reads: [Int]
  private(set) var writes: [Int]

  init(_ memories: [Scratchpad]) {
    self.memories = memories
    reads = memories.map { _ in 0 }
    writes = memories.map { _ in 0 }
  }

  /// Serves one cycle; returns the walkers that have come to their end.
  func serve(_ cycle: Int) -> [SteppedWalker] {
    var readPorts = memories.map { Array(repeating: 1, count: $0.banks) }
    var writePorts = readPorts
    for (index, memory) in memories.enumerated() {
      let first = memory.arbitration == .rotating ? cycle % 5 : 0
      for turn in 0..<5 {
        guard let walker = walkers[(first + turn) % 5], walker.nextBid == cycle else { continue }
        for (number, lane) in walker.lanes.enumerated()
        where walker.waiting[number] && lane.pattern.memory == index {
          let banks = banks(of: lane, step: walker.step, in: memory)
          let needsRead = !lane.pattern.isWrite || memory.ports == .single
          let needsWrite = lane.pattern.isWrite || memory.ports == .single
          let isFree = banks.allSatisfy {
            (!needsRead || readPorts[index][$0] > 0) && (!needsWrite || writePorts[index][$0] > 0)
          }
          guard isFree else { continue }
          for bank in banks {
            if needsRead { readPorts[index][bank] -= 1 }
            if needsWrite { writePorts[index][bank] -= 1 }
          }
          walker.waiting[number] = false
          // The DMA counts the words of its bursts itself: the last beat of a burst may be short.
          guard (first + turn) % 5 < 3 else { continue }
          if lane.pattern.isWrite {
            writes[index] += lane.pattern.words
          } else {
            reads[index] += lane.pattern.words
          }
        }
      }
    }
    var ended: [SteppedWalker] = []
    for index in 0..<5 {
      guard let walker = walkers[index], walker.nextBid == cycle else { continue }
      if walker.waiting.contains(true) {
        walker.refusals += 1
        walker.nextBid = cycle + 1
        continue
      }
      walker.step += 1
      if walker.step == walker.steps {
        walker.servedAt = cycle + 1
        walkers[index] = nil
        ended.append(walker)
      } else {
        walker.waiting = walker.waiting.map { _ in true }
        walker.nextBid = cycle + walker.nominalCycle(walker.step) - walker.nominalCycle(walker.step - 1)
      }
    }
    return ended
  }

  /// The banks of one access, from the definition of ``AccessPattern``.
  private func banks(of lane: SteppedWalker.Lane, step: Int, in memory: Scratchpad) -> Set<Int> {
    let pattern = lane.pattern
    let inner = max(1, pattern.innerCount)
    let word =
      pattern.address / memory.wordBytes + lane.fold * pattern.foldStride
      + step / inner * pattern.outerStride + step % inner * pattern.innerStride
    return Set((0..<pattern.words).map { ((word + $0) % memory.banks + memory.banks) % memory.banks })
  }
}
