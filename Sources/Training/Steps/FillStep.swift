/// Sets all elements of a dense tensor to one number.
struct FillStep: PlanStep {
  var view: TensorView
  var value: Float

  var label: String { "fill" }
  var reads: [Int] { [] }
  var writes: [Int] { [view.buffer] }

  func run(_ context: StepContext) {
    let start = context.pointer(view)
    let count = view.count
    let parts = max(1, min(16, count / 65536))
    let value = value
    context.pool.run(parts) { index, _ in
      let range = part(index, of: parts, count)
      (start + range.lowerBound).update(repeating: value, count: range.count)
    }
  }
}
