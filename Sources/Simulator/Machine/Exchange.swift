import Hardware

/// What a core hands over to other cores, and what it waits for from them.
struct Exchange {
  /// For each instruction, the handovers that have not come; empty where nothing is exchanged.
  private var missing: [Int] = []
  /// For each instruction, the first cycle in which all that has come allows its start.
  private var earliest: [Int] = []
  private var gives: [Bool] = []
  /// Instructions that others wait for and that have completed since the last look, with the cycle of their end.
  private(set) var news: [(instruction: Int, end: Int)] = []

  /// The exchange of a core that is alone.
  init() {}

  init(core: Int, instructions: Int, handovers: [CoreSchedule.Handover]) {
    guard handovers.contains(where: { $0.giver.core == core || $0.taker.core == core }) else { return }
    missing = Array(repeating: 0, count: instructions)
    earliest = Array(repeating: 0, count: instructions)
    gives = Array(repeating: false, count: instructions)
    for handover in handovers {
      if handover.taker.core == core { missing[handover.taker.instruction] += 1 }
      if handover.giver.core == core { gives[handover.giver.instruction] = true }
    }
  }

  var isUsed: Bool { !gives.isEmpty }

  /// The first cycle in which an instruction may start as far as other cores go; `Int.max` while that is not known.
  @inline(__always)
  func ready(_ instruction: Int) -> Int {
    guard isUsed else { return 0 }
    return missing[instruction] == 0 ? earliest[instruction] : Int.max
  }

  mutating func noteCompletion(of instruction: Int, at end: Int) {
    if isUsed, gives[instruction] { news.append((instruction, end)) }
  }

  mutating func takeNews() -> [(instruction: Int, end: Int)] {
    defer { news.removeAll() }
    return news
  }

  mutating func receive(for instruction: Int, at cycle: Int) {
    missing[instruction] -= 1
    earliest[instruction] = max(earliest[instruction], cycle)
  }
}
