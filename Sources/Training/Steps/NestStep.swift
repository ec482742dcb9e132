import CKernels

/// Fused loops: elements of several tensors are read once, a chain of functions is applied to chunks that stay in the
/// first-level cache, and the results are stored or combined.
struct NestStep: PlanStep {
  /// A tensor that is read.
  struct Load: Sendable {
    var slot: Int
    var view: TensorView
    var strides: jk_strides
    /// Whether the elements lie in the order of the loops without gaps.
    var isDense: Bool
    /// Whether all rows are the same, so that loading one chunk serves all.
    var isInvariant: Bool
  }

  /// A function applied to chunks.
  struct Instruction: Sendable {
    var function: jk_function
    var target: Int
    var operands: [Int]
    var p: Float = 0
    var q: Float = 0
  }

  /// A tensor that is written.
  struct Store: Sendable {
    var slot: Int
    var view: TensorView
    var strides: jk_strides
    var isDense: Bool
  }

  /// Elements that are combined.
  struct Reduction: Sendable {
    var slot: Int
    var combination: jk_combination
    var strides: jk_strides
    /// The buffer of the accumulators, of double precision.
    var accumulators: Int
    /// The number of results.
    var count: Int
  }

  var label: String
  var loops: jk_loops
  var extents: [Int]
  var loads: [Load]
  var instructions: [Instruction]
  var stores: [Store]
  var reductions: [Reduction]
  var finishes: [ReductionFinish]
  var slots: Int

  var reads: [Int] { loads.map(\.view.buffer) + finishes.flatMap { $0.pivot.map { [$0.buffer] } ?? [] } }
  var writes: [Int] {
    stores.map(\.view.buffer) + reductions.map(\.accumulators) + finishes.flatMap { $0.results.map(\.buffer) }
  }

  var detail: String {
    "\(extents) \(loads.count) loads, \(instructions.count) functions, \(stores.count) stores, "
      + "\(reductions.count) sums"
  }

  var inner: Int { extents[extents.count - 1] }
  var rows: Int { extents.dropLast().reduce(1, *) }

  /// Whether every accumulator belongs to one index of the outermost loop, so that tasks need no copies of their own.
  var sharesAccumulators: Bool {
    !reductions.isEmpty && extents.count > 1 && extents[0] >= 8
      && reductions.allSatisfy { $0.strides.step.0 != 0 }
  }

  /// The number of independent parts; it does not depend on the number of threads, so results do not either.
  var tasks: Int {
    let elements = rows * inner
    let wanted = max(1, min(16, elements / 4096))
    if reductions.isEmpty { return rows == 1 ? min(wanted, max(1, inner / 1024)) : min(wanted, rows) }
    if sharesAccumulators { return min(wanted, extents[0]) }
    let largest = reductions.map(\.count).max() ?? 1
    return min(rows == 1 ? max(1, inner / 1024) : rows, largest > 1 << 16 ? 2 : wanted)
  }

  func run(_ context: StepContext) {
    let tasks = tasks
    let (arena, offsets, scratch) = (context.arena, context.offsets, context.scratch)
    context.pool.run(tasks) { task, worker in
      self.run(task, of: tasks, worker, arena, offsets, scratch)
    }
    for finish in finishes { finish.run(context, copies: sharesAccumulators ? 1 : tasks) }
  }

  private func run(
    _ task: Int, of tasks: Int, _ worker: Int, _ arena: UnsafeMutablePointer<Float>,
    _ offsets: UnsafePointer<Int>, _ scratch: Scratch
  ) {
    let addresses = scratch.addresses(worker: worker)
    for slot in 0..<slots { addresses[slot] = scratch.chunk(slot, worker: worker) }
    let copy = sharesAccumulators ? 0 : task
    for reduction in reductions {
      let sums = accumulators(of: reduction, copy, arena, offsets)
      let range = sharesAccumulators ? part(task, of: tasks, reduction.count) : 0..<reduction.count
      let start = reduction.combination.identity
      // Shared accumulators are set by whoever owns the outermost index; the steps of dense results are their counts.
      if sharesAccumulators {
        let block = reduction.strides.step.0
        let outer = part(task, of: tasks, extents[0])
        for index in outer.lowerBound * block..<outer.upperBound * block { sums[index] = start }
      } else {
        for index in range { sums[index] = start }
      }
    }
    if rows == 1 {
      let range = part(task, of: tasks, inner)
      for start in stride(from: range.lowerBound, to: range.upperBound, by: Scratch.chunk) {
        chunk(
          0, 1, start, min(Scratch.chunk, range.upperBound - start), start == range.lowerBound, copy,
          addresses,
          arena, offsets)
      }
      return
    }
    let block = sharesAccumulators ? rows / extents[0] : 1
    let range =
      sharesAccumulators
      ? part(task, of: tasks, extents[0]).scaled(block) : part(task, of: tasks, rows)
    if inner >= 256 {
      for row in range {
        for start in stride(from: 0, to: inner, by: Scratch.chunk) {
          chunk(
            row, 1, start, min(Scratch.chunk, inner - start), row == range.lowerBound && start == 0, copy,
            addresses,
            arena, offsets)
        }
      }
    } else {
      let together = Scratch.chunk / inner
      for row in stride(from: range.lowerBound, to: range.upperBound, by: together) {
        chunk(
          row, min(together, range.upperBound - row), 0, inner, row == range.lowerBound, copy, addresses,
          arena,
          offsets)
      }
    }
  }

  private func accumulators(
    of reduction: Reduction, _ copy: Int, _ arena: UnsafeMutablePointer<Float>, _ offsets: UnsafePointer<Int>
  ) -> UnsafeMutablePointer<Double> {
    UnsafeMutableRawPointer(arena + offsets[reduction.accumulators]).assumingMemoryBound(to: Double.self)
      + copy * reduction.count
  }

  /// Rows `row` ..< `row + count` of `length` elements from `start` on.
  private func chunk(
    _ row: Int, _ count: Int, _ start: Int, _ length: Int, _ isFirst: Bool, _ copy: Int,
    _ addresses: UnsafeMutablePointer<UnsafeMutablePointer<Float>>, _ arena: UnsafeMutablePointer<Float>,
    _ offsets: UnsafePointer<Int>
  ) {
    withUnsafePointer(to: loops) { loops in
      for load in loads {
        let base = arena + offsets[load.view.buffer] + load.view.offset
        if load.isDense {
          addresses[load.slot] = base + row * inner + start
        } else if !load.isInvariant || isFirst {
          withUnsafePointer(to: load.strides) {
            jk_load(
              addresses[load.slot], base, loops, $0, row, count, start, length, load.view.isInteger ? 1 : 0)
          }
        }
      }
      for store in stores where store.isDense {
        addresses[store.slot] = arena + offsets[store.view.buffer] + store.view.offset + row * inner + start
      }
      let elements = count * length
      for instruction in instructions {
        let a = addresses[instruction.operands[0]]
        let b = instruction.operands.count > 1 ? addresses[instruction.operands[1]] : a
        let c = instruction.operands.count > 2 ? addresses[instruction.operands[2]] : a
        jk_map(
          instruction.function, addresses[instruction.target], a, b, c, instruction.p, instruction.q, elements
        )
      }
      for store in stores where !store.isDense {
        let base = arena + offsets[store.view.buffer] + store.view.offset
        withUnsafePointer(to: store.strides) {
          jk_store(base, addresses[store.slot], loops, $0, row, count, start, length)
        }
      }
      for reduction in reductions {
        let sums = accumulators(of: reduction, copy, arena, offsets)
        withUnsafePointer(to: reduction.strides) {
          jk_reduce(
            reduction.combination, sums, addresses[reduction.slot], loops, $0, row, count, start, length)
        }
      }
    }
  }
}

extension Range<Int> {
  fileprivate func scaled(_ factor: Int) -> Range<Int> { lowerBound * factor..<upperBound * factor }
}

extension jk_combination {
  /// What combining with any number leaves unchanged.
  var identity: Double {
    switch self {
    case jk_max: -.infinity
    case jk_min: .infinity
    case jk_product: 1
    default: 0
    }
  }
}

/// What becomes of accumulators when all chunks are done.
struct ReductionFinish: Sendable {
  enum Function: Sendable {
    /// The combination itself times a factor.
    case scaled(Double)
    /// Mean and variance from the sums of differences to a pivot and of their squares.
    case moments(count: Double)
  }

  var function: Function
  var combination: jk_combination
  /// Buffers of the accumulators: one, or two for moments.
  var accumulators: [Int]
  var count: Int
  /// Dense results: one, or mean and variance.
  var results: [TensorView]
  /// The elements that moments were shifted by, one for each result, at the results' places.
  var pivot: TensorView?

  func run(_ context: StepContext, copies: Int) {
    let (arena, offsets) = (context.arena, context.offsets)
    let parts = max(1, min(8, count / 4096))
    context.pool.run(parts) { index, _ in
      self.run(part(index, of: parts, self.count), copies, arena, offsets)
    }
  }

  private func run(
    _ range: Range<Int>, _ copies: Int, _ arena: UnsafeMutablePointer<Float>, _ offsets: UnsafePointer<Int>
  ) {
    func total(_ buffer: Int, _ index: Int) -> Double {
      let sums = UnsafeMutableRawPointer(arena + offsets[buffer]).assumingMemoryBound(to: Double.self)
      var sum = sums[index]
      for copy in 1..<max(1, copies) {
        let other = sums[copy * count + index]
        switch combination {
        case jk_max: sum = other > sum || other.isNaN ? other : sum
        case jk_min: sum = other < sum || other.isNaN ? other : sum
        case jk_product: sum *= other
        default: sum += other
        }
      }
      return sum
    }
    let first = arena + offsets[results[0].buffer] + results[0].offset
    switch function {
    case .scaled(let factor):
      for index in range { first[index] = Float(total(accumulators[0], index) * factor) }
    case .moments(let number):
      guard let pivot else { return }
      let shifts = arena + offsets[pivot.buffer] + pivot.offset
      let second = arena + offsets[results[1].buffer] + results[1].offset
      for index in range {
        let mean = total(accumulators[0], index) / number
        let square = total(accumulators[1], index) / number
        first[index] = Float(Double(shifts[index]) + mean)
        second[index] = Float(max(0, square - mean * mean))
      }
    }
  }
}
