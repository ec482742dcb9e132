import CKernels

/// Results of loops that can lie where an operand lay that nothing reads any more.
///
/// Such a loop writes lines that it has just read, so that memory sees them once, and the plan needs one buffer less.
struct InPlaceResults {
  /// The buffer in whose place each result lies.
  private(set) var places: [Int: Int] = [:]
  /// When each place holds something, results that lie there included; nil for buffers that lie elsewhere.
  private(set) var lifetimes: [Lifetime?]

  /// Takes the lifetimes of buffers by step; those in `permanent` keep places of their own.
  init(_ steps: [any PlanStep], sizes: [Int], lifetimes: [Lifetime?], permanent: Set<Int>) {
    self.lifetimes = lifetimes
    for (index, step) in steps.enumerated() {
      guard let nest = step as? NestStep else { continue }
      for store in nest.stores {
        let result = Int(store.buffer)
        guard !permanent.contains(result), let own = self.lifetimes[result], own.first == index else {
          continue
        }
        let operand = nest.operands(inPlaceOf: store).first { operand in
          !permanent.contains(operand) && sizes[operand] == sizes[result] && isLast(operand, index)
        }
        guard let operand else { continue }
        let place = places[operand] ?? operand
        places[result] = place
        self.lifetimes[place]?.last = own.last
        self.lifetimes[result] = nil
      }
    }
  }

  /// Whether the step is the last one that needs what lies in the place of a buffer.
  private func isLast(_ buffer: Int, _ step: Int) -> Bool {
    lifetimes[places[buffer] ?? buffer]?.last == step
  }
}

extension NestStep {
  /// Buffers whose elements are read just where a store writes, and not after it.
  fileprivate func operands(inPlaceOf store: jk_nest_store) -> [Int] {
    guard store.dense != 0, store.offset == 0,
      stores.filter({ $0.slot == store.slot || $0.buffer == store.buffer }).count == 1,
      let written = instructions.firstIndex(where: { $0.target == store.slot })
    else { return [] }
    return loads.filter { load in
      load.dense != 0 && load.offset == 0 && load.slot != store.slot
        && loads.filter { $0.buffer == load.buffer }.count == 1
        && !stores.contains { $0.slot == load.slot }
        && !reductions.contains { $0.slot == load.slot || $0.buffer == load.buffer }
        && !finishes.contains { $0.pivot?.buffer == Int(load.buffer) }
        && !instructions[(written + 1)...].contains {
          $0.a == load.slot || $0.b == load.slot || $0.c == load.slot
        }
    }.map { Int($0.buffer) }
  }
}
