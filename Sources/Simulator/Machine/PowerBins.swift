import Hardware

/// Energy over time in windows of equal length, which double whenever there would be too many.
struct PowerBins {
  private static let componentCount = Component.allCases.count
  private let limit: Int
  private(set) var windowCycles: Int
  /// Joules, window-major, one entry per component.
  private(set) var joules: [Double] = []
  private(set) var memoryBytes: [Int] = []

  init(windowCycles: Int = 64, limit: Int = 1024) {
    self.windowCycles = windowCycles
    self.limit = limit
  }

  var count: Int { memoryBytes.count }

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

  mutating func addMemoryBytes(_ bytes: Int, at cycle: Int) {
    reserve(through: cycle)
    memoryBytes[cycle / windowCycles] += bytes
  }

  /// Makes sure that windows exist up to `cycle`.
  mutating func reserve(through cycle: Int) {
    while cycle / windowCycles >= limit { mergePairs() }
    let needed = cycle / windowCycles + 1
    guard needed > memoryBytes.count else { return }
    joules.append(
      contentsOf: repeatElement(0, count: (needed - memoryBytes.count) * Self.componentCount))
    memoryBytes.append(contentsOf: repeatElement(0, count: needed - memoryBytes.count))
  }

  private mutating func mergePairs() {
    let merged = (count + 1) / 2
    var newJoules = [Double](repeating: 0, count: merged * Self.componentCount)
    var newBytes = [Int](repeating: 0, count: merged)
    for window in 0..<count {
      for component in 0..<Self.componentCount {
        newJoules[window / 2 * Self.componentCount + component] +=
          joules[window * Self.componentCount + component]
      }
      newBytes[window / 2] += memoryBytes[window]
    }
    joules = newJoules
    memoryBytes = newBytes
    windowCycles *= 2
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
    case .dram: 4
    case .sequencer: 5
    case .other: 6
    }
  }
}
