import Hardware

/// One direction of the DMA's bus: beats on the edges of its clock, one burst after the other.
///
/// A beat's words meet the scratchpad in the last core cycle of the beat. A burst begins with the bus cycle in which the
/// last one ended or, after a pause, with the first that begins in or after the core cycle in which it is ready. A beat
/// that is refused a bank delays those after it by as much. Where a beat is shorter than a core cycle, a beat goes in
/// each core cycle.
struct BusDirection {
  private let toCore: ClockRatio
  private let toBus: ClockRatio
  /// The bus cycle with which the next burst may begin.
  private var free = 0

  init(toCore: ClockRatio, toBus: ClockRatio) {
    self.toCore = toCore
    self.toBus = toBus
  }

  /// Takes the bus for a burst of `steps` beats that is ready in core cycle `now`; returns the core cycle of the first
  /// beat's access and the phase of the accesses that follow.
  mutating func begin(steps: Int, of beat: BusBeat, at now: Int) -> (firstBid: Int, phase: Int) {
    guard !beat.isShort else { return (now, 0) }
    let start = toCore.firstEdge(atOrAfter: free) >= now ? free : toBus.firstEdge(atOrAfter: now)
    free = start + steps * beat.busCycles
    let end = start + beat.busCycles
    return (max(now, toCore.firstEdge(atOrAfter: end) - 1), toCore.phase(ofEdgeAfter: end))
  }

  /// Notes that the last beat was served in cycle `now - 1`, after `refusals` cycles without its banks.
  mutating func finish(at now: Int, refusals: Int) {
    if refusals > 0 { free = max(free, toBus.firstEdge(atOrAfter: now)) }
  }
}

/// How the bus fills scratchpad words: words and bus cycles of a beat, and core cycles from beat to beat.
struct BusBeat {
  let words: Int
  let busCycles: Int
  let interval: (whole: Int, numerator: Int, denominator: Int)

  init(dma: DMAEngine, wordBytes: Int, toCore: ClockRatio) {
    words = max(1, dma.busBytes / wordBytes)
    busCycles = max(1, words * wordBytes / dma.busBytes)
    interval = toCore.mixed(of: busCycles)
  }

  /// Whether a beat is shorter than a core cycle.
  var isShort: Bool { interval.whole == 0 }

  func steps(for words: Int) -> Int { (words + self.words - 1) / self.words }
}
