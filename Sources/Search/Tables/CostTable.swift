/// Costs that add up over choices: base + Σ cost(choice, option taken).
package struct CostTable: Hashable, Sendable, Codable {
  package var base: Double
  /// For each choice and option; the first option of each choice costs nothing, the base holds it.
  package var costs: [[Double]]
  /// The share of the variance of the samples that the table explains: 1 where costs do add up.
  package var determination: Double

  package init(base: Double, costs: [[Double]], determination: Double) {
    self.base = base
    self.costs = costs
    self.determination = determination
  }

  /// The cost of an architecture.
  package func cost(of architecture: Architecture) -> Double {
    zip(costs, architecture.options).reduce(base) { $0 + $1.0[$1.1] }
  }

  /// The expected cost when each choice is drawn from its mixture.
  package func expectation(_ mixtures: [[Double]]) -> Double {
    zip(costs, mixtures).reduce(base) { sum, pair in
      zip(pair.0, pair.1).reduce(sum) { $0 + $1.0 * $1.1 }
    }
  }

  /// The table with the least squares of errors over measured architectures.
  ///
  /// Options that no sample takes cost as much as the first option.
  /// - Returns: nil for fewer than two samples.
  /// - Complexity: O(samples × options²) + O(options³).
  package static func fitted(
    to samples: [(architecture: Architecture, cost: Double)], radices: [Int]
  ) -> CostTable? {
    guard samples.count >= 2 else { return nil }
    // Unknowns: the base, then each option but the first of its choice.
    var offsets: [Int] = []
    var count = 1
    for radix in radices {
      offsets.append(count)
      count += radix - 1
    }
    var normal = SymmetricSystem(count: count)
    for sample in samples {
      let unknowns = Self.unknowns(of: sample.architecture, offsets: offsets)
      normal.add(ones: unknowns, value: sample.cost)
    }
    let solution = normal.solved()
    let costs = radices.indices.map { choice in
      [0] + (0..<(radices[choice] - 1)).map { solution[offsets[choice] + $0] }
    }
    var table = CostTable(base: solution[0], costs: costs, determination: 0)
    table.determination = table.determination(of: samples)
    return table
  }

  private static func unknowns(of architecture: Architecture, offsets: [Int]) -> [Int] {
    [0] + zip(offsets, architecture.options).compactMap { $1 > 0 ? $0 + $1 - 1 : nil }
  }

  /// R² over samples; 1 where they are all equal and met.
  package func determination(of samples: [(architecture: Architecture, cost: Double)]) -> Double {
    let mean = samples.reduce(0) { $0 + $1.cost } / Double(samples.count)
    var (residual, total) = (0.0, 0.0)
    for sample in samples {
      let error = sample.cost - cost(of: sample.architecture)
      residual += error * error
      total += (sample.cost - mean) * (sample.cost - mean)
    }
    return total > 0 ? 1 - residual / total : residual > 0 ? 0 : 1
  }
}
