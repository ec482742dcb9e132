import Hardware

/// Energy over time in windows of equal length, which double whenever there would be too many.
struct PowerBins {
  private static let componentCount = Component.allCases.count
  private let limit: Int
  private(set) var windowCycles: Int
  /// Joules, window-major, one entry per component.
  private(set) var joules: [Double] = []
  /// What happened in main memory, by window: counts, so that no order of events changes a sum.
  private(set) var memory: [MemoryActions] = []

  init(windowCycles: Int = 64, limit: Int = 1024) {
    self.windowCycles = windowCycles
    self.limit = limit
  }

  var count: Int { memory.count }

  /// Spreads an energy evenly over the cycles `start ..< end` (one cycle if they are equal).
  mutating func add(_ energy: Double, of component: Component, from start: Int, to end: Int) {
    let last = max(start, end - 1)
    reserve(through: last)
    let offset = component.index
    let first = start / windowCycles
    let final = last / windowCycles
    if first == final {
      joules[first * Self.componentCount + offset] += energy
      return
    }
    let perCycle = energy / Double(last - start + 1)
    for window in first...final {
      let lower = max(start, window * windowCycles)
      let upper = min(last + 1, (window + 1) * windowCycles)
      joules[window * Self.componentCount + offset] += perCycle * Double(upper - lower)
    }
  }

  mutating func add(_ actions: MemoryActions, at cycle: Int) {
    reserve(through: cycle)
    memory[cycle / windowCycles] += actions
  }

  /// Adds to each window the energy of what happened in main memory.
  mutating func settle(_ component: Component, joules price: (MemoryActions) -> Double) {
    for window in memory.indices {
      joules[window * Self.componentCount + component.index] += price(memory[window])
    }
  }

  /// Moves what happened in main memory after `cycles`, when nobody waited for it any more, into the last window.
  mutating func close(at cycles: Int) {
    let needed = max(1, (cycles + windowCycles - 1) / windowCycles)
    guard needed < count else { return }
    for window in needed..<count {
      memory[needed - 1] += memory[window]
      for component in 0..<Self.componentCount {
        joules[(needed - 1) * Self.componentCount + component] +=
          joules[window * Self.componentCount + component]
      }
    }
    memory.removeLast(count - needed)
    joules.removeLast(joules.count - needed * Self.componentCount)
  }

  /// Makes sure that windows exist up to `cycle`.
  mutating func reserve(through cycle: Int) {
    while cycle / windowCycles >= limit { mergePairs() }
    let needed = cycle / windowCycles + 1
    guard needed > count else { return }
    joules.append(contentsOf: repeatElement(0, count: (needed - count) * Self.componentCount))
    memory.append(contentsOf: repeatElement(MemoryActions(), count: needed - count))
  }

  private mutating func mergePairs() {
    let merged = (count + 1) / 2
    var newJoules = [Double](repeating: 0, count: merged * Self.componentCount)
    var newMemory = [MemoryActions](repeating: MemoryActions(), count: merged)
    for window in 0..<count {
      for component in 0..<Self.componentCount {
        newJoules[window / 2 * Self.componentCount + component] +=
          joules[window * Self.componentCount + component]
      }
      newMemory[window / 2] += memory[window]
    }
    joules = newJoules
    memory = newMemory
    windowCycles *= 2
  }
}

/// Counts of what main memory did.
struct MemoryActions {
  var readBytes = 0
  var writeBytes = 0
  var activates = 0
  /// Bytes that crossed the DMA's bus; with caches these are others than those of main memory.
  var busBytes = 0

  var bytes: Int { readBytes + writeBytes }

  static func += (left: inout Self, right: Self) {
    left.readBytes += right.readBytes
    left.writeBytes += right.writeBytes
    left.activates += right.activates
    left.busBytes += right.busBytes
  }
}

extension Component {
  /// The position in declaration order.
  package var index: Int {
    switch self {
    case .array: 0
    case .scratchpad: 1
    case .vector: 2
    case .dma: 3
    case .cache: 4
    case .dram: 5
    case .sequencer: 6
    case .other: 7
    }
  }
}
