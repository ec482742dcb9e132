/// A step whose kernel is a function.
struct KernelStep: PlanStep {
  var label: String
  var reads: [Int]
  var writes: [Int]
  var detail: String
  var operations: Int
  var body: @Sendable (StepContext) -> Void

  init(
    _ label: String, reads: [TensorView], writes: [TensorView], readsWorkspace: [Int] = [],
    workspace: [Int] = [],
    operations: Int = 0,
    _ body: @escaping @Sendable (StepContext) -> Void
  ) {
    self.label = label
    self.reads = reads.map(\.buffer) + readsWorkspace
    self.writes = writes.map(\.buffer) + workspace
    detail = (reads.map(\.shape) + writes.map(\.shape)).map { "\($0)" }.joined(separator: " ")
    self.operations = operations
    self.body = body
  }

  func run(_ context: StepContext) { body(context) }
}
