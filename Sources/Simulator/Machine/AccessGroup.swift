/// Accesses that advance in lock step: a step is done once every lane has had its banks.
struct AccessGroup {
  var lanes: (AccessLane, AccessLane, AccessLane)
  /// Lanes still waiting in the present step, one bit each.
  var pending: UInt8 = 0
  private(set) var allLanes: UInt8 = 0
  /// The cycle of the next bid; `Int.max` when the group is at rest.
  var nextBid = Int.max
  var stepsLeft = 0
  /// Cycles in which a bid was not (fully) served.
  var stalls = 0
  /// Cycles between steps: whole part and a fraction that accumulates.
  private(set) var interval = 1
  private var fractionNumerator = 0
  private var fractionDenominator = 1
  private var fraction = 0
  /// Cycles after the last step that still belong to it.
  private(set) var trailing = 0

  static let atRest = AccessGroup()

  private init() { lanes = (.unused, .unused, .unused) }

  /// - Parameters:
  ///   - steps: Steps to serve, the first of them from cycle `firstBid` on.
  ///   - interval: Cycles from one step to the next; a whole part of 0 counts as one cycle.
  ///   - phase: What the fraction of the interval has accumulated before the first step, in parts of its denominator.
  init(
    _ first: AccessLane, _ second: AccessLane = .unused, _ third: AccessLane = .unused, steps: Int,
    firstBid: Int,
    interval: (whole: Int, numerator: Int, denominator: Int) = (1, 0, 1), phase: Int = 0
  ) {
    lanes = (first, second, third)
    if first.memory >= 0 { allLanes |= 1 }
    if second.memory >= 0 { allLanes |= 2 }
    if third.memory >= 0 { allLanes |= 4 }
    pending = allLanes
    stepsLeft = steps
    nextBid = firstBid
    if interval.whole == 0 {
      self.interval = 1
    } else {
      self.interval = interval.whole
      fractionNumerator = interval.numerator
      fractionDenominator = interval.denominator
      fraction = phase
    }
  }

  var isActive: Bool { nextBid != Int.max }
  /// Whether one step follows the other without pause.
  var isDense: Bool { interval == 1 && fractionNumerator == 0 }

  /// Closes the step served in `cycle`; returns whether it was the last.
  @inline(__always)
  mutating func completeStep(in cycle: Int) -> Bool {
    stepsLeft &-= 1
    var distance = interval
    if fractionNumerator != 0 {
      fraction &+= fractionNumerator
      if fraction >= fractionDenominator {
        fraction &-= fractionDenominator
        distance &+= 1
      }
    }
    if stepsLeft == 0 {
      nextBid = Int.max
      trailing = distance &- 1
      return true
    }
    if allLanes & 1 != 0 { lanes.0.advance() }
    if allLanes & 2 != 0 { lanes.1.advance() }
    if allLanes & 4 != 0 { lanes.2.advance() }
    pending = allLanes
    nextBid = cycle &+ distance
    return false
  }

  /// Closes `count` steps served in consecutive cycles from `cycle` on; returns whether the last was among them.
  mutating func completeSteps(_ count: Int, from cycle: Int) -> Bool {
    stepsLeft -= count
    if stepsLeft == 0 {
      nextBid = Int.max
      return true
    }
    if allLanes & 1 != 0 { lanes.0.advance(by: count) }
    if allLanes & 2 != 0 { lanes.1.advance(by: count) }
    if allLanes & 4 != 0 { lanes.2.advance(by: count) }
    nextBid = cycle + count
    return false
  }
}
