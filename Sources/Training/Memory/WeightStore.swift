package import Graphs

/// How the tensors lie in memory that several plans share: the weights of a supernet.
package struct WeightLayout: Hashable, Sendable {
  /// One shared tensor.
  struct Tensor: Hashable, Sendable {
    var shape: [Int]
    /// The axes from the outermost in memory to the innermost.
    var order: [Int]
    /// The place of its first element.
    var offset: Int
  }

  private(set) var tensors: [String: Tensor] = [:]
  private(set) var wordCount = 0

  /// The float32 constants without bytes of the largest network, in the layout that its kernels want.
  package init(of graph: Graph) {
    let preference = LayoutPreference(graph)
    for (index, constant) in graph.constants.enumerated()
    where constant.bytes == nil && constant.type.elementType == .float32 && tensors[constant.name] == nil {
      let order = preference.orders[Value(.constant(index))] ?? Array(constant.type.shape.indices)
      tensors[constant.name] = Tensor(shape: constant.type.shape, order: order, offset: wordCount)
      wordCount += (constant.type.count + 15) / 16 * 16
    }
  }

  /// The leading slice of a shared tensor that a constant of the same name is; nil for one that is not shared.
  ///
  /// - Throws: ``PlanError`` where it is no such slice.
  func slice(for constant: Graph.Constant, buffer: Int) throws(PlanError) -> TensorView? {
    guard let tensor = tensors[constant.name] else { return nil }
    let shape = constant.type.shape
    guard shape.count == tensor.shape.count, zip(shape, tensor.shape).allSatisfy({ $0 <= $1 }),
      constant.type.elementType == .float32
    else {
      throw PlanError(
        "constant '\(constant.name)'", found: "\(constant.type)",
        expected: "a leading slice of \(tensor.shape)")
    }
    return TensorView(dense: tensor.shape, order: tensor.order, buffer: buffer).sliced(
      starts: shape.map { _ in 0 }, steps: shape.map { _ in 1 }, shape: shape)
  }
}

/// The memory of weights that several executions read and renew in place, one at a time.
///
/// A network that uses leading slices of them runs without a copy of its own, and what it learns changes its slices alone
/// (weight entanglement: Chen et al. 2021, arXiv:2107.00651, section 3.2).
package final class WeightStore {
  package let layout: WeightLayout
  let memory: UnsafeMutablePointer<Float>

  /// Takes memory and sets the elements, in row-major order, by name; those of tensors without values are 0.
  ///
  /// - Throws: ``PlanError`` for values of another size.
  package init(_ layout: WeightLayout, values: [String: [Float]] = [:]) throws {
    self.layout = layout
    memory = UnsafeMutableRawPointer.allocate(byteCount: max(64, layout.wordCount * 4), alignment: 64)
      .bindMemory(to: Float.self, capacity: max(16, layout.wordCount))
    memory.initialize(repeating: 0, count: max(16, layout.wordCount))
    for (name, tensor) in layout.tensors {
      guard let elements = values[name] else { continue }
      let view = TensorView(dense: tensor.shape, order: tensor.order, buffer: 0)
      guard elements.count == view.count else {
        throw PlanError(
          "shared weight '\(name)'", found: "\(elements.count) elements",
          expected: "\(view.count) for \(tensor.shape)")
      }
      var index = 0
      view.eachOffset {
        memory[tensor.offset + $0] = elements[index]
        index += 1
      }
    }
  }

  deinit { memory.deallocate() }

  /// The present elements of a tensor, in row-major order; nil for a name that is not shared.
  package func values(_ name: String) -> [Float]? {
    guard let tensor = layout.tensors[name] else { return nil }
    let view = TensorView(dense: tensor.shape, order: tensor.order, buffer: 0)
    var elements: [Float] = []
    elements.reserveCapacity(view.count)
    view.eachOffset { elements.append(memory[tensor.offset + $0]) }
    return elements
  }
}
