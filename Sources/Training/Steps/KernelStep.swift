/// A step whose kernel is a function.
struct KernelStep: PlanStep {
  var label: String
  var reads: [Int]
  var writes: [Int]
  /// The shapes that it reads and writes.
  private let shapes: [[Int]]
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
    shapes = reads.map(\.shape) + writes.map(\.shape)
    self.operations = operations
    self.body = body
  }

  var detail: String { shapes.map { "\($0)" }.joined(separator: " ") }

  func run(_ context: StepContext) { body(context) }
}
