import Hardware
import Simulator

/// Why the array did not multiply, cycle by cycle: the slow twin of the simulator's books and of its critical path.
///
/// While the machine steps, each cycle of the array gets a label: a cause and a layer, or the instruction whose start
/// the array is waiting for. Once all times are known, each waiting cycle is asked on its own what that start waited
/// for then, and that in turn.
struct SteppedCauses {
  private enum Label {
    case known(CycleCause, layer: Int)
    case waiting(for: Int)
    /// After all tiles: the end of this instruction is awaited.
    case ending(Int)
  }

  private let program: Program
  private var labels: [Label] = []
  /// When the sequencer handed each instruction over, and what had to start for its queue to have room, or -1.
  var issued: [Int]
  var blocker: [Int]
  /// Since when each instruction waited for nothing but another core; `Int.max` where it did not.
  var heldFrom: [Int]
  /// Cycles in which memory served another core while this one had an access waiting.
  var contended: Set<Int> = []

  init(_ program: Program) {
    self.program = program
    issued = program.instructions.map { _ in -1 }
    blocker = issued
    heldFrom = program.instructions.map { _ in Int.max }
  }

  /// Cycles that have a label.
  var booked: Int { labels.count }

  mutating func book(until end: Int, _ cause: CycleCause, of instruction: Int) {
    while labels.count < end { labels.append(.known(cause, layer: layer(instruction))) }
  }

  mutating func wait(until end: Int, for instruction: Int) {
    while labels.count < end { labels.append(.waiting(for: instruction)) }
  }

  mutating func end(at end: Int, with instruction: Int) {
    while labels.count < end { labels.append(.ending(instruction)) }
  }

  /// Cycles by layer and cause, causes in the order of their declaration.
  func table(starts: [Int], ends: [Int]) -> [[Int]] {
    let causes = CycleCause.allCases
    var table = program.layers.map { _ in causes.map { _ in 0 } }
    for (cycle, label) in labels.enumerated() {
      let (cause, layer): (CycleCause, Int)
      switch label {
      case .known(let known, let owner): (cause, layer) = (known, owner)
      case .waiting(let instruction): (cause, layer) = whyNotStarted(instruction, cycle, starts, ends)
      case .ending(let instruction): (cause, layer) = atWork(instruction, cycle, starts, ends)
      }
      for (index, known) in causes.enumerated() where known == cause { table[layer][index] += 1 }
    }
    return table
  }

  private func layer(_ instruction: Int) -> Int { Int(program.instructions[instruction].layer) }

  /// What `cycle` went to if `instruction` is what had to get done: its own work, or what kept it from starting.
  private func atWork(_ instruction: Int, _ cycle: Int, _ starts: [Int], _ ends: [Int]) -> (CycleCause, Int) {
    guard cycle >= starts[instruction] else { return whyNotStarted(instruction, cycle, starts, ends) }
    let cause: CycleCause =
      switch program.instructions[instruction].kind {
      case .load: contended.contains(cycle) ? .contention : .memoryLoad
      case .store: contended.contains(cycle) ? .contention : .memoryStore
      case .vector: .vector
      case .array: .fillDrain
      }
    return (cause, layer(instruction))
  }

  private func whyNotStarted(
    _ instruction: Int, _ cycle: Int, _ starts: [Int], _ ends: [Int]
  ) -> (CycleCause, Int) {
    let entry = program.instructions[instruction]
    let range = Int(entry.firstDependency)..<Int(entry.firstDependency + entry.dependencyCount)
    let dependencies = program.dependencies[range].map { Int($0) }
    let last = dependencies.map { ends[$0] }.max() ?? 0
    if cycle >= heldFrom[instruction] { return (.otherCores, layer(instruction)) }
    if min(starts[instruction], heldFrom[instruction]) > max(issued[instruction], last) {
      // Its unit was taken by the instruction before.
      if let earlier = (0..<instruction).last(where: { program.instructions[$0].kind == entry.kind }) {
        return atWork(earlier, cycle, starts, ends)
      }
    } else if last >= issued[instruction], let latest = dependencies.first(where: { ends[$0] == last }) {
      return atWork(latest, cycle, starts, ends)
    }
    return whyNotHandedOver(instruction, cycle, starts, ends)
  }

  private func whyNotHandedOver(
    _ instruction: Int, _ cycle: Int, _ starts: [Int], _ ends: [Int]
  ) -> (CycleCause, Int) {
    let blocker = blocker[instruction]
    if blocker >= 0 {
      return cycle >= starts[blocker]
        ? (.issue, layer(instruction)) : whyNotStarted(blocker, cycle, starts, ends)
    }
    guard instruction > 0, cycle < issued[instruction - 1] else { return (.issue, layer(instruction)) }
    return whyNotHandedOver(instruction - 1, cycle, starts, ends)
  }
}
