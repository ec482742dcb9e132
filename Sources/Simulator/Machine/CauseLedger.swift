/// Books every cycle of the array, in order of time, to a layer and a cause.
struct CauseLedger {
  private static let causeCount = CycleCause.allCases.count
  /// Cycles, layer-major, one entry per cause.
  private(set) var cycles: [Int]
  /// All cycles before this one are booked.
  private(set) var bookedUntil = 0

  init(layers: Int) {
    cycles = Array(repeating: 0, count: max(1, layers) * Self.causeCount)
  }

  /// Books the cycles from ``bookedUntil`` up to `end`.
  @inline(__always)
  mutating func book(until end: Int, _ cause: CycleCause, layer: Int) {
    guard end > bookedUntil else { return }
    cycles[layer * Self.causeCount + cause.index] += end - bookedUntil
    bookedUntil = end
  }

  func cycles(of layer: Int, _ cause: CycleCause) -> Int {
    cycles[layer * Self.causeCount + cause.index]
  }

  func total(of layer: Int) -> Int {
    (0..<Self.causeCount).reduce(0) { $0 + cycles[layer * Self.causeCount + $1] }
  }
}

extension CycleCause {
  /// The position in declaration order.
  var index: Int {
    switch self {
    case .compute: 0
    case .preload: 1
    case .fillDrain: 2
    case .bankConflict: 3
    case .memoryLoad: 4
    case .memoryStore: 5
    case .vector: 6
    case .issue: 7
    case .contention: 8
    case .otherCores: 9
    }
  }
}
