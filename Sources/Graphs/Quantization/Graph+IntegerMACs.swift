extension Graph {
  /// Multiply-accumulate operations of the layers that integer arithmetic computes.
  package var integerMACs: Int {
    quantizedLayers.values.reduce(0) { sum, layer in
      let types = layer.operands.map { type(of: $0.value) }
      switch layer.operation {
      case .convolution(let convolution): return saturatingSum(sum, convolution.macs(types))
      case .matrixProduct(let product): return saturatingSum(sum, product.macs(types))
      case .add, .globalAverage: return sum
      }
    }
  }
}

extension Primitive {
  /// Multiply-accumulate operations on operands of some types.
  fileprivate func macs(_ types: [TensorType]) -> Int {
    guard let results = try? results(for: types) else { return 0 }
    return work(for: types, results: results).reduce(0) { saturatingSum($0, $1.macs) }
  }
}
