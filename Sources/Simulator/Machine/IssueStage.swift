import Hardware

/// The sequencer: hands instructions over in program order, each to the queue of its unit.
struct IssueStage {
  private let sequencer: Sequencer
  /// Instructions of each unit in program order.
  private let order: [[Int32]]
  /// Next instruction to hand over, and the earliest cycle for it.
  fileprivate(set) var next = 0
  fileprivate var handoverAt: Int
  fileprivate var handedOver = [0, 0, 0, 0]
  fileprivate var started = [0, 0, 0, 0]
  fileprivate var lastStarted: [Int32] = [-1, -1, -1, -1]
  fileprivate var blockedOn = -1
  /// The cycle from which the head of each queue may start; `Int.max` when empty or its dependencies are under way.
  fileprivate var headReady = [Int.max, Int.max, Int.max, Int.max]
  /// Whether the heads must be looked at again.
  fileprivate var recheck = true
  /// For a head that waits for another core: when all else is ready for it, and the cycle in which that was seen.
  fileprivate var headAlone = [Int.max, Int.max, Int.max, Int.max]
  fileprivate var heldFrom = [Int.max, Int.max, Int.max, Int.max]
  private(set) var completed = 0
  private(set) var lastEnd = 0
  private(set) var lastInstruction = 0

  init(program: Program, sequencer: Sequencer) {
    self.sequencer = sequencer
    var order: [[Int32]] = [[], [], [], []]
    for (index, instruction) in program.instructions.enumerated() {
      order[Int(instruction.kind.rawValue)].append(Int32(index))
    }
    self.order = order
    handoverAt = sequencer.networkCycles
    handoverAt += program.instructions.isEmpty ? 0 : cycles(before: 0, in: program)
  }

  /// The earliest later cycle in which an instruction is handed over or may start.
  @inline(__always)
  func nextEvent(after now: Int) -> Int {
    var earliest = Int.max
    if blockedOn < 0, handoverAt > now { earliest = handoverAt }
    for kind in 0..<4 {
      if headReady[kind] > now { earliest = min(earliest, headReady[kind]) }
      if headAlone[kind] > now { earliest = min(earliest, headAlone[kind]) }
    }
    return earliest
  }

  /// Lets the heads be looked at again, after news from another core.
  mutating func noteNews() { recheck = true }

  /// The instructions at the heads of the queues.
  var heads: [Int] { (0..<4).compactMap { head(of: $0) } }

  mutating func noteCompletion(of instruction: Int, at end: Int) {
    completed += 1
    recheck = true
    if end >= lastEnd {
      lastEnd = end
      lastInstruction = instruction
    }
  }

  fileprivate func head(of kind: Int) -> Int? {
    started[kind] < handedOver[kind] ? Int(order[kind][started[kind]]) : nil
  }

  fileprivate func hasRoom(for kind: Int) -> Bool {
    handedOver[kind] - started[kind] < sequencer.queueDepth
  }

  fileprivate func cycles(before instruction: Int, in program: Program) -> Int {
    let isFirst =
      instruction == 0
      || program.instructions[instruction].layer != program.instructions[instruction - 1].layer
    guard isFirst else { return sequencer.issueCycles }
    let layer = program.layers[Int(program.instructions[instruction].layer)]
    return sequencer.issueCycles + sequencer.layerCycles + layer.hostSteps * sequencer.hostStepCycles
  }

  fileprivate func predecessor(of kind: Int) -> Int32 { lastStarted[kind] }
}

extension MachineRun {
  /// Hands over every instruction that is due and whose queue has room.
  mutating func issueInstructions() {
    let count = program.instructions.count
    while issue.next < count, issue.handoverAt <= now {
      let instruction = issue.next
      let kind = Int(program.instructions[instruction].kind.rawValue)
      guard issue.hasRoom(for: kind) else {
        issue.blockedOn = kind
        return
      }
      if issue.blockedOn >= 0 {
        timeline.blocker[instruction] = issue.predecessor(of: kind)
        issue.blockedOn = -1
      }
      timeline.issued[instruction] = now
      issue.handedOver[kind] += 1
      issue.recheck = true
      issue.next += 1
      if issue.next < count {
        issue.handoverAt = now + issue.cycles(before: issue.next, in: program)
      }
    }
  }

  /// Starts the head of each queue whose dependencies are met and whose unit is free.
  mutating func startUnits() {
    lookAtHeads()
    if exchange.isUsed { noteHeldHeads() }
    for kind in 0..<4 where issue.headReady[kind] <= now {
      guard let unit = Instruction.Kind(rawValue: UInt8(kind)), accepts(unit),
        let instruction = issue.head(of: kind)
      else { continue }
      timeline.start[instruction] = now
      if issue.heldFrom[kind] < now, exchange.ready(instruction) == now {
        timeline.heldFrom[instruction] = issue.heldFrom[kind]
      }
      issue.heldFrom[kind] = Int.max
      timeline.bound[instruction] = bound(
        of: instruction, kind: kind, at: min(now, timeline.heldFrom[instruction]))
      issue.started[kind] += 1
      issue.lastStarted[kind] = Int32(instruction)
      issue.recheck = true
      isDirty = true
      switch unit {
      case .load: startLoad(instruction)
      case .store: startStore(instruction)
      case .array: startArray(instruction)
      case .vector: startVector(instruction)
      }
    }
    lookAtHeads()
  }

  /// Brings up to date when the head of each queue may start.
  mutating func lookAtHeads() {
    if issue.recheck { recheckHeads() }
  }

  /// Notes the heads for which all is ready but what another core has to hand over.
  private mutating func noteHeldHeads() {
    for kind in 0..<4 where issue.headAlone[kind] <= now && issue.heldFrom[kind] == Int.max {
      guard let unit = Instruction.Kind(rawValue: UInt8(kind)), let instruction = issue.head(of: kind),
        exchange.ready(instruction) > now, accepts(unit)
      else { continue }
      issue.heldFrom[kind] = now
    }
  }

  private func accepts(_ unit: Instruction.Kind) -> Bool {
    switch unit {
    case .load: loads.isFree
    case .store: stores.isFree
    case .array: array.accepts(overlapsPreload: model.array.overlapsPreload)
    case .vector: vector.instruction < 0 && vector.freeAt <= now
    }
  }

  private mutating func recheckHeads() {
    issue.recheck = false
    for kind in 0..<4 {
      guard let instruction = issue.head(of: kind) else {
        issue.headReady[kind] = Int.max
        issue.headAlone[kind] = Int.max
        continue
      }
      let ready = max(timeline.issued[instruction], lastDependency(of: instruction).end)
      let handedOver = exchange.ready(instruction)
      issue.headReady[kind] = max(ready, handedOver)
      issue.headAlone[kind] = handedOver > ready ? ready : Int.max
    }
  }

  /// The dependency that completes last, and when; `Int.max` while one of them is under way.
  private func lastDependency(of instruction: Int) -> (index: Int, end: Int) {
    let entry = program.instructions[instruction]
    var latest = (index: -1, end: 0)
    for position in 0..<Int(entry.dependencyCount) {
      let dependency = Int(program.dependencies[Int(entry.firstDependency) + position])
      let end = timeline.end[dependency]
      if end == Timeline.unknown { return (dependency, Timeline.unknown) }
      if end > latest.end { latest = (dependency, end) }
    }
    return latest
  }

  /// What an instruction waited for last that could start in `cycle`, other cores left aside.
  private func bound(of instruction: Int, kind: Int, at cycle: Int) -> Int32 {
    let dependency = lastDependency(of: instruction)
    let ready = max(timeline.issued[instruction], dependency.end)
    if cycle > ready { return issue.predecessor(of: kind) }
    return dependency.end >= timeline.issued[instruction] ? Int32(dependency.index) : -1
  }
}
