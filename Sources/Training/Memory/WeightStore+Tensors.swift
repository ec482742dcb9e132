package import Formats

extension WeightStore {
  /// The names of all tensors, sorted.
  package var names: [String] { layout.tensors.keys.sorted() }

  /// All tensors with their present elements, in the order of names.
  package var tensors: [Safetensors.Tensor] {
    names.map { name in
      Safetensors.Tensor(name: name, shape: layout.tensors[name]?.shape ?? [], numbers: values(name) ?? [])
    }
  }

  /// All elements as they lie in memory, to be put back by ``restore(_:)``.
  package func snapshot() -> [Float] {
    Array(UnsafeBufferPointer(start: memory, count: layout.wordCount))
  }

  /// Puts back what ``snapshot()`` gave.
  package func restore(_ snapshot: [Float]) {
    precondition(snapshot.count == layout.wordCount, "a snapshot of another store")
    for (index, element) in snapshot.enumerated() { memory[index] = element }
  }

  /// Sets all elements of the tensors with such names to zero.
  package func clear(_ isMeant: (String) -> Bool) {
    for (name, tensor) in layout.tensors where isMeant(name) {
      let view = TensorView(dense: tensor.shape, order: tensor.order, buffer: 0)
      view.eachOffset { memory[tensor.offset + $0] = 0 }
    }
  }
}
