/// The expected value of a table under independent mixtures, and its exact derivatives.
///
/// F(u) = E[value(a)] with each choice of a drawn from its mixture, so ∂F/∂u(choice, option) = E[value | option taken]:
/// the truth that one-shot searches estimate by training.
package struct MultilinearOracle: Sendable {
  /// Options of each choice.
  package let radices: [Int]
  /// One value for each architecture, the last choice running fastest.
  package let values: [Double]

  package init(radices: [Int], values: [Double]) {
    precondition(values.count == radices.reduce(1, *), "a table has a value for each architecture")
    self.radices = radices
    self.values = values
  }

  /// F(u).
  /// - Complexity: O(architectures).
  package func expectation(_ mixtures: [[Double]]) -> Double {
    contracted(mixtures, keeping: nil)[0]
  }

  /// E[value | option taken] for each choice and option.
  /// - Complexity: O(choices × architectures).
  package func marginals(_ mixtures: [[Double]]) -> [[Double]] {
    radices.indices.map { contracted(mixtures, keeping: $0) }
  }

  /// The table summed over all choices but one, weighted by the mixtures; last choices first, so that runs shrink at once.
  private func contracted(_ mixtures: [[Double]], keeping kept: Int?) -> [Double] {
    var table = values
    // Elements between two neighbours in the choice that is summed: 1, or the options of the kept choice after it.
    var stride = 1
    for choice in radices.indices.reversed() {
      guard choice != kept else {
        stride = radices[choice]
        continue
      }
      let radix = radices[choice]
      let weights = mixtures[choice]
      var next: [Double] = []
      next.reserveCapacity(table.count / radix)
      for block in Swift.stride(from: 0, to: table.count, by: radix * stride) {
        for offset in block..<(block + stride) {
          var sum = 0.0
          for option in 0..<radix { sum += weights[option] * table[offset + option * stride] }
          next.append(sum)
        }
      }
      table = next
    }
    return table
  }
}
