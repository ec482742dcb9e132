/// A convolution for a row-stationary array, strides and all; its kernel is a grid of `filterRows × taps`.
package struct RowConvolution {
  /// `[channel][row][column]`, and `[filter][channel][row][column]`.
  package var input: [[[Int]]]
  package var filters: [[[[Int]]]]
  package var stride: Int
  package var outputRows: Int
  package var outputColumns: Int

  package init(
    input: [[[Int]]], filters: [[[[Int]]]], stride: Int, outputRows: Int, outputColumns: Int
  ) {
    self.input = input
    self.filters = filters
    self.stride = stride
    self.outputRows = outputRows
    self.outputColumns = outputColumns
  }
}

/// Eyeriss' array, register by register (Chen et al., JSSC 52(1), 2017).
///
/// A set of `filter rows × output rows` cells convolves one channel with one filter: cell `(r, e)` keeps row `r` of the
/// filter and sees row `e · stride + r` of the input. In a cycle it multiplies one tap with one pixel; its product waits
/// in registers until the sum of the filter rows below comes by, one row a cycle, and the sum leaves at the top for the
/// accumulators. Sets that do not fit come in later passes.
package struct RowStationaryTwin {
  /// One pass: which rows of filters and outputs, and which (channel, filter) pairs.
  private struct Pass {
    var filterRows: Range<Int>
    var outputRows: Range<Int>
    var pairs: [(filter: Int, channel: Int)]
  }

  /// What the cells do in a cycle.
  private struct Work {
    var pass: Int
    var step: Int
    var isLastPass: Bool
  }

  /// A tap's weights on their way in: by pair, by filter row.
  private struct Tap {
    var index: Int
    var weights: [[Int]]
  }

  /// Products of a step that climb: by pair and output row, those of the rows that the sum has yet to meet.
  private struct Climb {
    var work: Work
    var products: [[[Int]]]
    var sums: [[Int]]
  }

  private let settings: ArrayTwinSettings
  private let layer: RowConvolution
  private let passes: [Pass]
  private let taps: Int
  /// Filter rows on top of each other in a pass.
  private let chain: Int

  package init(_ settings: ArrayTwinSettings, _ layer: RowConvolution) {
    self.settings = settings
    self.layer = layer
    let rows = layer.filters[0][0].count
    taps = layer.filters[0][0][0].count
    chain = min(rows, settings.rows)
    func cut(_ extent: Int, _ size: Int) -> [Range<Int>] {
      stride(from: 0, to: extent, by: size).map { $0..<min(extent, $0 + size) }
    }
    let pairs = layer.filters.indices.flatMap { filter in
      layer.input.indices.map { (filter: filter, channel: $0) }
    }
    let side = max(1, settings.rows / rows) * max(1, settings.columns / layer.outputRows)
    var passes: [Pass] = []
    for outputRows in cut(layer.outputRows, settings.columns) {
      for filterRows in cut(rows, settings.rows) {
        for range in cut(pairs.count, side) {
          passes.append(
            Pass(filterRows: filterRows, outputRows: outputRows, pairs: Array(pairs[range])))
        }
      }
    }
    self.passes = passes
  }

  /// Steps the array until the last sum has left.
  ///
  /// - Parameter initial: What the accumulators hold, `[filter][row · column]`, when results are added to it.
  /// - Returns: the result as `[filter][row · column]`; appearances by pass and step, one column each.
  package func execute(initial: [[Int]]? = nil) -> ArrayTwinRun {
    let width = layer.outputColumns
    let travelling = travels()
    // A pass has its even share of what travels, whether or not its cells have work for as long.
    let share = (travelling.all + passes.count - 1) / passes.count
    let steps = max(width * taps, share)
    let pixels = layer.outputRows * width
    var run = ArrayTwinRun(
      product: initial ?? layer.filters.map { _ in Array(repeating: 0, count: pixels) })
    run.appearances = passes.map { _ in Array(repeating: [-1], count: steps) }
    var holdsSum = run.product.map { $0.map { _ in initial != nil } }
    var weights: [Int: [[Int]]] = [:]
    var shadow = weights
    var inUse = -1
    var workEdge = DelayLine<Work?>(length: settings.edgeRegisters, empty: nil)
    var tapEdge = DelayLine<Tap?>(length: settings.edgeRegisters, empty: nil)
    var climbs: [Climb] = []
    var (loadsBegun, loadsDone, tapsLoaded) = (0, 0, 0)
    var (streamsBegun, streamsDone, settled, results) = (0, 0, 0, 0)
    var counter = PassCounter(stepParts: settings.stepParts)
    var lastStart = Int.min / 2
    var cycle = 0
    while settled < passes.count {
      if streamsDone == streamsBegun, streamsBegun < passes.count, loadsDone > streamsBegun,
        cycle >= lastStart + settings.minimumFoldCycles, settings.overlapsFolds || settled == streamsBegun
      {
        streamsBegun += 1
        lastStart = cycle
        counter = PassCounter(stepParts: settings.stepParts)
      }
      let isFree =
        settings.hasShadow
        ? streamsBegun >= loadsBegun
        : streamsDone >= loadsBegun && (settings.overlapsFolds || settled >= loadsBegun)
      if loadsDone == loadsBegun, loadsBegun < passes.count, isFree {
        loadsBegun += 1
        tapsLoaded = 0
      }
      var work: Work?
      if streamsBegun > streamsDone {
        let step = counter.step
        if counter.isFirstPass, step < width * taps { run.streamReads += 1 }
        work = Work(pass: streamsBegun - 1, step: step, isLastPass: counter.work())
        if counter.step == steps { streamsDone += 1 }
      }
      var tap: Tap?
      if loadsBegun > loadsDone {
        run.stationaryReads += 1
        tap = Tap(index: tapsLoaded, weights: weightsOfTap(tapsLoaded, in: passes[loadsBegun - 1]))
        tapsLoaded += 1
        if tapsLoaded == taps { loadsDone += 1 }
      }
      // Sums climb one row, and leave above the last.
      for index in climbs.indices { climb(&climbs[index]) }
      while let first = climbs.first, first.products.allSatisfy({ $0.allSatisfy(\.isEmpty) }) {
        leave(first, cycle, &run, &holdsSum)
        climbs.removeFirst()
        results += 1
        if results % steps == 0 { settled += 1 }
      }
      // The cells, behind the registers at the edge.
      work = workEdge.shift(work)
      if let work {
        if settings.hasShadow, work.pass != inUse { weights = shadow }
        inUse = work.pass
        if work.isLastPass { climbs.append(multiply(work, weights[work.step / width] ?? [])) }
      }
      if let tap = tapEdge.shift(tap) {
        if settings.hasShadow { shadow[tap.index] = tap.weights } else { weights[tap.index] = tap.weights }
      }
      cycle += 1
    }
    run.end = cycle
    if settings.port != nil {
      run.sumWrites = travelling.all
      run.sumReads = travelling.all - (initial == nil ? travelling.first : 0)
    }
    return run
  }

  /// Cycles in which sums travel over the port, all of them and for sums that begin: cells gather channels while their
  /// pads, and the inputs of a pass, last.
  private func travels() -> (all: Int, first: Int) {
    guard let port = settings.port else { return (0, 0) }
    let rows = layer.filters[0][0].count
    let sets = max(1, settings.rows / rows) * max(1, settings.columns / layer.outputRows)
    let inputsOfChannel = (settings.columns + rows - 1) * (layer.outputColumns + taps - 1)
    var (sums, begun) = (0, 0)
    for _ in layer.filters.indices {
      for _ in 0..<layer.outputRows * layer.outputColumns {
        var channel = 0
        while channel < layer.input.count {
          var (taken, inputs) = (0, 0)
          repeat {
            taken += 1
            inputs += inputsOfChannel
          } while taken < max(1, port.inputPad / taps) * sets
            && inputs + inputsOfChannel <= port.inputs
          for first in stride(from: 0, to: rows, by: settings.rows) {
            sums += 1
            if channel == 0, first == 0 { begun += 1 }
          }
          channel += taken
        }
      }
    }
    func cycles(_ sums: Int) -> Int {
      stride(from: 0, to: sums, by: port.sumsPerCycle).reduce(0) { count, _ in count + 1 }
    }
    return (cycles(sums), cycles(begun))
  }

  private func weightsOfTap(_ tap: Int, in pass: Pass) -> [[Int]] {
    pass.pairs.map { pair in pass.filterRows.map { layer.filters[pair.filter][pair.channel][$0][tap] } }
  }

  /// The products of all cells in one cycle; rows of cells that a short group of filter rows leaves empty add nothing.
  private func multiply(_ work: Work, _ weights: [[Int]]) -> Climb {
    let pass = passes[work.pass]
    let (tap, column) = work.step.quotientAndRemainder(dividingBy: layer.outputColumns)
    // Cells that wait for the port add nothing.
    let waits = tap >= taps
    let products = pass.pairs.indices.map { pair in
      pass.outputRows.map { output in
        (0..<chain).map { row -> Int in
          guard row < pass.filterRows.count, !waits else { return 0 }
          let line = output * layer.stride + pass.filterRows.lowerBound + row
          return weights[pair][row]
            * layer.input[pass.pairs[pair].channel][line][column * layer.stride + tap]
        }
      }
    }
    return Climb(work: work, products: products, sums: products.map { $0.map { _ in 0 } })
  }

  private func climb(_ climb: inout Climb) {
    for pair in climb.products.indices {
      for output in climb.products[pair].indices {
        climb.sums[pair][output] += climb.products[pair][output].removeLast()
      }
    }
  }

  /// Adds the sums of all sets to the accumulators: one access, whose read goes along unless all sums are new.
  private func leave(_ climb: Climb, _ cycle: Int, _ run: inout ArrayTwinRun, _ holdsSum: inout [[Bool]]) {
    let pass = passes[climb.work.pass]
    let column = climb.work.step % layer.outputColumns
    var isRead = false
    var touched: [(filter: Int, pixel: Int)] = []
    for (pair, place) in pass.pairs.enumerated() {
      for (index, output) in pass.outputRows.enumerated() {
        let pixel = output * layer.outputColumns + column
        if holdsSum[place.filter][pixel] { isRead = true }
        run.product[place.filter][pixel] += climb.sums[pair][index]
        touched.append((place.filter, pixel))
      }
    }
    for (filter, pixel) in touched { holdsSum[filter][pixel] = true }
    if settings.port == nil {
      run.sumWrites += 1
      if isRead { run.sumReads += 1 }
    }
    run.appearances[climb.work.pass][climb.work.step] = [cycle]
  }
}
