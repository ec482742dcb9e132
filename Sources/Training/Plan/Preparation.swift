/// Which steps of a plan need to run only once, since nothing that they read ever changes.
struct Preparation {
  /// Whether each step is one of them.
  let isOnce: [Bool]

  /// Takes the buffers that hold their contents from the start on and never change: constants that nothing updates.
  ///
  /// A buffer that a later step writes too is not fixed, and neither is what depends on it.
  init(_ steps: [any PlanStep], bufferCount: Int, fixed: [Int]) {
    var changes = Array(repeating: true, count: bufferCount)
    for step in steps { for buffer in step.writes { changes[buffer] = false } }
    for buffer in fixed { changes[buffer] = false }
    var isOnce = steps.map { _ in true }
    var isStable = false
    while !isStable {
      isStable = true
      for (index, step) in steps.enumerated() where isOnce[index] {
        guard step.reads.contains(where: { changes[$0] }) || step.writes.contains(where: { changes[$0] })
        else {
          continue
        }
        isOnce[index] = false
        isStable = false
        for buffer in step.writes { changes[buffer] = true }
      }
    }
    self.isOnce = isOnce
  }
}
