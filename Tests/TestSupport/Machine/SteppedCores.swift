package import Hardware
import Measures

/// Several stepped machines that share a memory through a stepped crossbar.
package final class SteppedCores {
  private let model: HardwareModel
  private let cores: [SteppedMachine]
  private let crossbar: SteppedCrossbar

  package init(_ model: HardwareModel, _ schedule: CoreSchedule) {
    self.model = model
    let crossbar = SteppedCrossbar(model, memory: SteppedMachine.memory(of: model))
    let cores = schedule.programs.enumerated().map { index, program in
      SteppedMachine(model, program, memory: SteppedPort(crossbar, core: index))
    }
    let news = max(1, model.interconnect.latencyCycles)
    for (index, core) in cores.enumerated() {
      let handovers = schedule.handovers.filter { $0.taker.core == index }
      core.allowedFrom = { instruction in
        var allowed = 0
        for handover in handovers where handover.taker.instruction == instruction {
          guard let end = cores[handover.giver.core].end(of: handover.giver.instruction) else { return nil }
          allowed = max(allowed, end + news)
        }
        return allowed
      }
    }
    self.cores = cores
    self.crossbar = crossbar
  }

  /// Steps until every instruction of every core has completed; nil when that takes more than `limit` cycles.
  package func run(limit: Int = 200_000) -> [SteppedMachine.Outcome]? {
    var cycle = 0
    defer { for core in cores { core.allowedFrom = { _ in 0 } } }
    while cores.contains(where: { !$0.isDone }) {
      guard cycle < limit else { return nil }
      crossbar.collect(cycle)
      for core in cores where !core.isDone { core.step(cycle) }
      crossbar.step(cycle)
      cycle += 1
    }
    let end = cores.reduce(0) { max($0, $1.lastEnd) }
    crossbar.collect(end)
    return cores.enumerated().map { index, core in
      core.causes.contended = crossbar.contended[index]
      core.waitForOthers(until: end)
      var outcome = core.outcome
      outcome.contended = crossbar.contended[index].count
      return outcome
    }
  }
}

/// A core's side of the crossbar.
final class SteppedPort: SteppedMemory {
  private let crossbar: SteppedCrossbar
  private let core: Int

  init(_ crossbar: SteppedCrossbar, core: Int) {
    self.crossbar = crossbar
    self.core = core
  }

  var accessBytes: Int { crossbar.memory.accessBytes }
  var channelCount: Int { crossbar.memory.channelCount }
  func channel(of index: Int) -> Int { crossbar.memory.channel(of: index) }
  func isOpen(_ channel: Int) -> Bool { crossbar.memory.isOpen(channel) }
  func crossing(of access: Int) -> Range<Int> { crossbar.memory.crossing(of: access) }
  func step(_ cycle: Int) -> [(access: Int, end: Int)] { crossbar.takeFinished(by: core) }
  func hasRoom(for index: Int) -> Bool { crossbar.hasRoom(core, channel(of: index)) }
  /// Whether each has a place by itself: only caches ask for more, and none stand before a crossbar.
  func hasRoom(for index: Int, accesses: Int) -> Bool {
    (index..<(index + accesses)).allSatisfy { hasRoom(for: $0) }
  }
  func request(_ index: Int, number: Int, isWrite: Bool, in cycle: Int) {
    crossbar.request(core, index, number: number, isWrite: isWrite)
  }
}

/// The crossbar, cycle by cycle: ports, channels and whose turn it is.
final class SteppedCrossbar {
  private struct Waiting {
    var index: Int
    var number: Int
    var isWrite: Bool
  }

  /// An access on its way through memory.
  private struct Flight {
    var core: Int
    var number: Int
    var channel: Int
    /// For a memory that serves at once: who was waiting then.
    var losers: [Int]
  }

  let memory: any SteppedMemory
  private let interconnect: Interconnect
  private let isPipe: Bool
  private let cores: Int
  private let crossingCycles: Int
  private var ports: [[[Waiting]]]
  private var flights: [Flight] = []
  /// Accesses of a core for a channel that have not moved.
  private var unmoved: [[Int]]
  private var finished: [[(access: Int, end: Int)]]
  private var portBusyUntil: [Int]
  private var channelBusyUntil: [Int]
  private let order: [Int]
  private var position: [Int]
  /// The cycles in which each core waited for another.
  private(set) var contended: [Set<Int>]

  init(_ model: HardwareModel, memory: any SteppedMemory) {
    self.memory = memory
    interconnect = model.interconnect
    if case .pipe = model.memory { isPipe = true } else { isPipe = false }
    cores = model.cores
    let channels = memory.channelCount
    crossingCycles = Int((Double(memory.accessBytes) / Double(interconnect.portBytes)).rounded(.up))
    ports = Array(repeating: Array(repeating: [], count: channels), count: cores)
    unmoved = Array(repeating: Array(repeating: 0, count: channels), count: cores)
    finished = Array(repeating: [], count: cores)
    portBusyUntil = Array(repeating: 0, count: cores)
    channelBusyUntil = Array(repeating: 0, count: channels)
    order = model.interconnect.round(cores: cores)
    position = Array(repeating: 0, count: channels)
    contended = Array(repeating: [], count: cores)
  }

  func hasRoom(_ core: Int, _ channel: Int) -> Bool { ports[core][channel].count < interconnect.queueDepth }

  func request(_ core: Int, _ index: Int, number: Int, isWrite: Bool) {
    let channel = memory.channel(of: index)
    ports[core][channel].append(Waiting(index: index, number: number, isWrite: isWrite))
    unmoved[core][channel] += 1
  }

  func takeFinished(by core: Int) -> [(access: Int, end: Int)] {
    defer { finished[core] = [] }
    return finished[core]
  }

  /// Lets memory do what can be seen in this cycle.
  func collect(_ cycle: Int) {
    for (access, end) in memory.step(cycle) {
      let flight = flights[access]
      finished[flight.core].append((flight.number, end))
      if !isPipe { unmoved[flight.core][flight.channel] -= 1 }
      let losers =
        isPipe ? flight.losers : (0..<cores).filter { $0 != flight.core && unmoved[$0][flight.channel] > 0 }
      for loser in losers { contended[loser].formUnion(memory.crossing(of: access)) }
    }
  }

  /// Lets each channel take an access, after the cores have acted.
  func step(_ cycle: Int) {
    let channels = memory.channelCount
    var couldGo: Set<Int> = []
    var went: Set<Int> = []
    for core in 0..<cores where portBusyUntil[core] <= cycle {
      for channel in 0..<channels
      where !ports[core][channel].isEmpty && channelBusyUntil[channel] <= cycle && memory.isOpen(channel) {
        couldGo.insert(core)
      }
    }
    for turn in 0..<channels {
      let channel = (cycle + turn) % channels
      guard channelBusyUntil[channel] <= cycle, memory.isOpen(channel) else { continue }
      let candidates = (0..<cores).filter { portBusyUntil[$0] <= cycle && !ports[$0][channel].isEmpty }
      guard let winner = winner(among: candidates, channel: channel, cycle: cycle) else { continue }
      went.insert(winner)
      let access = ports[winner][channel].removeFirst()
      portBusyUntil[winner] = cycle + crossingCycles
      channelBusyUntil[channel] = cycle + crossingCycles
      let losers = (0..<cores).filter { $0 != winner && !ports[$0][channel].isEmpty }
      for loser in losers { contended[loser].formUnion(cycle..<cycle + crossingCycles) }
      if isPipe { unmoved[winner][channel] -= 1 }
      flights.append(Flight(core: winner, number: access.number, channel: channel, losers: losers))
      memory.request(access.index, number: flights.count - 1, isWrite: access.isWrite, in: cycle)
    }
    if interconnect.arbitration == .fixedShare {
      for core in couldGo.subtracting(went) { contended[core].insert(cycle) }
    }
  }

  private func winner(among candidates: [Int], channel: Int, cycle: Int) -> Int? {
    switch interconnect.arbitration {
    case .priority: return candidates.min()
    case .fixedShare:
      let (slot, phase) = cycle.quotientAndRemainder(dividingBy: crossingCycles)
      let owner = order[(slot + channel) % order.count]
      return phase == 0 && candidates.contains(owner) ? owner : nil
    case .roundRobin:
      guard !candidates.isEmpty else { return nil }
      while !candidates.contains(order[position[channel]]) {
        position[channel] = (position[channel] + 1) % order.count
      }
      defer { position[channel] = (position[channel] + 1) % order.count }
      return order[position[channel]]
    }
  }
}
