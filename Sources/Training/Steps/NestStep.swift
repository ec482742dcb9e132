import CKernels

/// Fused loops: elements of several tensors are read once, a chain of functions is applied to chunks that stay in the
/// first-level cache, and the results are stored or combined.
struct NestStep: PlanStep {
  var label: String
  var loops: jk_loops
  var extents: [Int]
  var loads: [jk_nest_load]
  var instructions: [jk_nest_instruction]
  var stores: [jk_nest_store]
  var reductions: [jk_nest_reduction]
  var finishes: [ReductionFinish]
  var slots: Int

  var reads: [Int] { loads.map { Int($0.buffer) } + finishes.flatMap { $0.pivot.map { [$0.buffer] } ?? [] } }
  var writes: [Int] {
    stores.map { Int($0.buffer) } + reductions.map { Int($0.buffer) }
      + finishes.flatMap { $0.results.map(\.buffer) }
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

  /// Whether stores add up elements, so that those of one sum must meet in one task.
  var sumsWindows: Bool { stores.contains { $0.sums != 0 } }

  /// The number of independent parts; it does not depend on the number of threads, so results do not either.
  var tasks: Int {
    let elements = rows * inner
    let wanted = max(1, min(16, elements / 4096))
    if sumsWindows || sharesAccumulators {
      let isOuterApart = extents.count > 1 && stores.allSatisfy { $0.sums == 0 || $0.strides.step.0 != 0 }
      guard isOuterApart else { return 1 }
      return min(reductions.isEmpty || sharesAccumulators ? wanted : limit(wanted), extents[0])
    }
    if reductions.isEmpty { return rows == 1 ? min(wanted, max(1, inner / 1024)) : min(wanted, rows) }
    return min(rows == 1 ? max(1, inner / 1024) : rows, limit(wanted))
  }

  /// Fewer copies of accumulators where each takes much memory.
  private func limit(_ tasks: Int) -> Int {
    (reductions.map(\.count).max() ?? 1) > 1 << 16 ? min(2, tasks) : tasks
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
    let copy = sharesAccumulators ? 0 : task
    for reduction in reductions {
      let sums =
        UnsafeMutableRawPointer(arena + offsets[Int(reduction.buffer)])
        .assumingMemoryBound(to: Double.self) + copy * reduction.count
      // Shared accumulators are set by whoever owns the outermost index; the steps of dense results are their counts.
      let block = reduction.strides.step.0
      let range =
        sharesAccumulators ? part(task, of: tasks, extents[0]).scaled(block) : 0..<reduction.count
      for index in range { sums[index] = reduction.combination.identity }
    }
    let elements = rows == 1 ? part(task, of: tasks, inner) : 0..<inner
    let range =
      rows == 1
      ? 0..<1
      : sharesAccumulators || sumsWindows
        ? part(task, of: tasks, extents[0]).scaled(rows / extents[0]) : part(task, of: tasks, rows)
    run(rows: range, elements: elements, copy: copy, worker, arena, offsets, scratch)
  }

  /// Runs some rows of the loops, and of each some elements.
  func run(
    rows range: Range<Int>, elements: Range<Int>, copy: Int = 0, _ worker: Int,
    _ arena: UnsafeMutablePointer<Float>, _ offsets: UnsafePointer<Int>, _ scratch: Scratch
  ) {
    withUnsafePointer(to: loops) { loops in
      loads.withUnsafeBufferPointer { loads in
        instructions.withUnsafeBufferPointer { instructions in
          stores.withUnsafeBufferPointer { stores in
            reductions.withUnsafeBufferPointer { reductions in
              var nest = jk_nest(
                loops: loops, loads: loads.baseAddress, instructions: instructions.baseAddress,
                stores: stores.baseAddress, reductions: reductions.baseAddress,
                load_count: Int32(loads.count), instruction_count: Int32(instructions.count),
                store_count: Int32(stores.count), reduction_count: Int32(reductions.count),
                slot_count: Int32(slots))
              jk_nest_run(
                &nest, arena, offsets, scratch.chunk(0, worker: worker), scratch.addresses(worker: worker),
                range.lowerBound, range.upperBound, elements.lowerBound, elements.upperBound, copy)
            }
          }
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
