package import Graphs

/// How far outputs are from what they should be, as one number: the mean over the batch.
package enum Loss: Hashable, Sendable {
  /// Cross entropy of logits `[batch, classes, …]` with class numbers `[batch, …]` (int64). With smoothing s, the target
  /// is 1 − s for the class and s spread over all (Szegedy et al. 2016, arXiv:1512.00567, section 7).
  case crossEntropy(smoothing: Double)
  /// Cross entropy of logits `[batch, classes, …]` with distributions of the same shape: mixed labels, or a teacher's.
  case softCrossEntropy
  /// Mean square of the differences.
  case meanSquare
  /// Mean of the absolute differences.
  case meanAbsolute
  /// Divergence from a teacher's logits, both softened by a temperature T, times T² (Hinton et al. 2015,
  /// arXiv:1503.02531).
  case distillation(temperature: Double)

  /// The type of the targets for outputs of the given type.
  package func targetType(for output: TensorType) -> TensorType {
    guard case .crossEntropy = self, output.rank >= 2 else { return output }
    var shape = output.shape
    shape.remove(at: 1)
    return TensorType(shape, .int64)
  }

  /// Adds the loss to a graph.
  ///
  /// - Throws: `ShapeError` where outputs and targets do not fit.
  package func add(
    output: Value, targets: Value, to graph: inout Graph, name: String = "loss"
  ) throws(ShapeError) -> Value {
    let type = graph.type(of: output)
    let expected = targetType(for: type)
    guard type.rank >= 2, graph.type(of: targets) == expected else {
      throw ShapeError(
        name, found: "outputs \(type) and targets \(graph.type(of: targets))",
        expected: "outputs [batch, classes, …] and targets \(expected)")
    }
    let (x, t) = (Formula.value(output), Formula.value(targets))
    return try graph.add(formula(x, t, type), type.elementType, name: name)
  }

  private func formula(_ x: Formula, _ target: Formula, _ type: TensorType) -> Formula {
    let all = Array(type.shape.indices)
    let classes = type.shape[1]
    // Positions that each have one label.
    let count = Double(type.count / classes)
    func mean(_ x: Formula, over count: Double) -> Formula {
      x.reduced(.sum, all, keeps: false) / .number(count)
    }
    switch self {
    case .crossEntropy(let smoothing):
      let logarithms = Formula.node(LogSoftmax(axis: 1), [x])
      let (off, on) = (smoothing / Double(classes), 1 - smoothing + smoothing / Double(classes))
      let values = Formula.node(
        Concatenate(axis: 0), [Formula.number(off).reshaped([1]), Formula.number(on).reshaped([1])])
      return mean(-(logarithms * .node(OneHot(depth: classes, axis: 1), [target, values])), over: count)
    case .softCrossEntropy: return mean(-(.node(LogSoftmax(axis: 1), [x]) * target), over: count)
    case .meanSquare: return mean((x - target) * (x - target), over: Double(type.count))
    case .meanAbsolute: return mean((x - target).map(.absolute), over: Double(type.count))
    case .distillation(let temperature):
      let teacher = Formula.node(LogSoftmax(axis: 1), [target / .number(temperature)])
      let student = Formula.node(LogSoftmax(axis: 1), [x / .number(temperature)])
      return mean(teacher.map(.exponential) * (teacher - student), over: count / (temperature * temperature))
    }
  }
}
