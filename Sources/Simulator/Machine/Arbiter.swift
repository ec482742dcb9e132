import Hardware

/// Who asks for scratchpad banks, in the order of a fixed arbitration.
enum Requester: Int, CaseIterable {
  /// The operands that stream through the array, with the results they leave.
  case arrayStream
  /// The array's stationary operand on its way in, or an output-stationary result on its way out.
  case arraySide
  case vector
  case load
  case store
}

/// Grants scratchpad banks to the requesters, cycle by cycle where they meet and in one jump where they cannot.
///
/// A bank serves one access per cycle and port. An access that spans several words needs all its banks in the same
/// cycle. In a rotating memory the order of requesters starts at `cycle mod 5`; in a fixed one always at the array.
struct Arbiter {
  private let groups: UnsafeMutablePointer<AccessGroup>
  private let memoryCount: Int
  /// Banks taken in the present cycle: reads, then writes, for each memory (the same mask for single-ported banks).
  private let readBusy: UnsafeMutablePointer<UInt64>
  private let writeBusy: UnsafeMutablePointer<UInt64>
  private let isSinglePorted: UnsafeMutablePointer<Bool>
  private let isFixed: UnsafeMutablePointer<Bool>
  private let hasRotating: Bool
  private let hasFixed: Bool
  /// Requesters whose last step was served, one bit each; cleared by ``takeFinished()``.
  private var finished: UInt8 = 0
  /// Steps that the array stream was served, and refused, in the last call of ``run(from:until:stepwise:)``.
  private(set) var streamServed = 0
  private(set) var streamRefused = 0

  init(scratchpads: [Scratchpad]) {
    memoryCount = scratchpads.count
    groups = .allocate(capacity: Requester.allCases.count)
    groups.initialize(repeating: .atRest, count: Requester.allCases.count)
    readBusy = .allocate(capacity: memoryCount)
    writeBusy = .allocate(capacity: memoryCount)
    readBusy.initialize(repeating: 0, count: memoryCount)
    writeBusy.initialize(repeating: 0, count: memoryCount)
    isSinglePorted = .allocate(capacity: memoryCount)
    isFixed = .allocate(capacity: memoryCount)
    for (index, scratchpad) in scratchpads.enumerated() {
      (isSinglePorted + index).initialize(to: scratchpad.ports == .single)
      (isFixed + index).initialize(to: scratchpad.arbitration == .fixed)
    }
    hasRotating = scratchpads.contains { $0.arbitration == .rotating }
    hasFixed = scratchpads.contains { $0.arbitration == .fixed }
  }

  func deallocate() {
    groups.deallocate()
    readBusy.deallocate()
    writeBusy.deallocate()
    isSinglePorted.deallocate()
    isFixed.deallocate()
  }

  func group(_ requester: Requester) -> AccessGroup { groups[requester.rawValue] }

  func isActive(_ requester: Requester) -> Bool { groups[requester.rawValue].isActive }

  mutating func start(_ group: AccessGroup, as requester: Requester) {
    groups[requester.rawValue] = group
  }

  /// The earliest cycle in which anybody bids.
  var nextBid: Int {
    var earliest = Int.max
    for index in 0..<5 { earliest = min(earliest, groups[index].nextBid) }
    return earliest
  }

  /// Requesters that finished since the last call.
  mutating func takeFinished() -> UInt8 {
    defer { finished = 0 }
    return finished
  }

  /// Serves the bids of cycles `start ..< limit`, and stops after the first cycle in which a requester finishes.
  ///
  /// - Parameter stepwise: Never jump; the slow twin's way to the same result.
  /// - Returns: The first cycle not yet served.
  mutating func run(from start: Int, until limit: Int, stepwise: Bool = false) -> Int {
    streamServed = 0
    streamRefused = 0
    var cycle = start
    while cycle < limit {
      let bid = nextBid
      if bid >= limit { return limit }
      cycle = max(cycle, bid)
      if !stepwise {
        let count = conflictFreeSteps(at: cycle, until: limit)
        if count > 1 {
          serve(count, from: cycle)
          cycle += count
          if finished != 0 { return cycle }
          continue
        }
      }
      serveCycle(cycle)
      cycle += 1
      if finished != 0 { return cycle }
    }
    return cycle
  }

  /// The number of cycles from `cycle` on in which every bid is certain to be served: the bidders step in every cycle,
  /// need different banks now, and keep their distance because their strides agree.
  private func conflictFreeSteps(at cycle: Int, until limit: Int) -> Int {
    var count = limit - cycle
    var bidders: UInt8 = 0
    for index in 0..<5 {
      let next = groups[index].nextBid
      if next == cycle {
        guard groups[index].isDense, groups[index].pending == groups[index].allLanes else { return 1 }
        bidders |= 1 << UInt8(index)
        count = min(count, groups[index].stepsLeft)
      } else if next != Int.max {
        count = min(count, next - cycle)
      }
    }
    guard count > 1 else { return 1 }
    if bidders & (bidders - 1) == 0, groups[bidders.trailingZeroBitCount].allLanes.nonzeroBitCount <= 1 {
      return count
    }
    for memory in 0..<memoryCount {
      var reads: UInt64 = 0
      var writes: UInt64 = 0
      var lanes = 0
      var stride = 0
      var inner = Int.max
      for index in 0..<5 where bidders & (1 << UInt8(index)) != 0 {
        for lane in 0..<3 {
          let candidate = self.lane(lane, of: index)
          guard candidate.pointee.memory == memory else { continue }
          let mask = candidate.pointee.mask
          if isSinglePorted[memory] || !candidate.pointee.isWrite {
            guard reads & mask == 0 else { return 1 }
            reads |= mask
          }
          if isSinglePorted[memory] || candidate.pointee.isWrite {
            guard writes & mask == 0 else { return 1 }
            writes |= mask
          }
          if lanes > 0, stride != candidate.pointee.bankStride { return 1 }
          stride = candidate.pointee.bankStride
          inner = min(inner, candidate.pointee.innerLeft)
          lanes += 1
        }
      }
      if lanes > 1 { count = min(count, inner) }
    }
    return count
  }

  private func lane(_ lane: Int, of group: Int) -> UnsafeMutablePointer<AccessLane> {
    UnsafeMutableRawPointer(groups + group).assumingMemoryBound(to: AccessLane.self) + lane
  }

  private mutating func serve(_ count: Int, from cycle: Int) {
    for index in 0..<5 where groups[index].nextBid == cycle {
      if groups[index].completeSteps(count, from: cycle) { finished |= 1 << UInt8(index) }
      if index == Requester.arrayStream.rawValue { streamServed += count }
    }
  }

  private mutating func serveCycle(_ cycle: Int) {
    for memory in 0..<memoryCount {
      readBusy[memory] = 0
      writeBusy[memory] = 0
    }
    if hasFixed { bid(in: cycle, from: 0, fixed: true) }
    if hasRotating { bid(in: cycle, from: cycle % 5, fixed: false) }
    for index in 0..<5 where groups[index].nextBid == cycle {
      if groups[index].pending == 0 {
        if groups[index].completeStep(in: cycle) { finished |= 1 << UInt8(index) }
        if index == 0 { streamServed += 1 }
      } else {
        groups[index].stalls += 1
        groups[index].nextBid = cycle + 1
        if index == 0 { streamRefused += 1 }
      }
    }
  }

  /// Lets each requester, starting at `first`, take the banks of its waiting lanes in memories of one arbitration.
  private func bid(in cycle: Int, from first: Int, fixed: Bool) {
    for offset in 0..<5 {
      var index = first + offset
      if index >= 5 { index -= 5 }
      guard groups[index].nextBid == cycle else { continue }
      var waiting = groups[index].pending
      while waiting != 0 {
        let number = waiting.trailingZeroBitCount
        waiting &= waiting - 1
        let lane = self.lane(number, of: index)
        let memory = lane.pointee.memory
        guard isFixed[memory] == fixed else { continue }
        let mask = lane.pointee.mask
        let blocksReads = isSinglePorted[memory] || !lane.pointee.isWrite
        let blocksWrites = isSinglePorted[memory] || lane.pointee.isWrite
        if blocksReads, readBusy[memory] & mask != 0 { continue }
        if blocksWrites, writeBusy[memory] & mask != 0 { continue }
        if blocksReads { readBusy[memory] |= mask }
        if blocksWrites { writeBusy[memory] |= mask }
        groups[index].pending &= ~(1 << UInt8(number))
      }
    }
  }
}
