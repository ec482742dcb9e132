package import Measures

/// A table of costs, put right by the true costs of some architectures that the mixtures would draw.
///
/// Machines do not add up: a table that fits well on average may be off by a third where mixtures end. Its entries say which
/// options are dear, and the mean error of the drawn architectures what the mixture as a whole costs, without bias.
package struct CheckedCostTable: CostEstimate {
  private let table: CostTable
  private let checks: Int
  private let cost: @Sendable (Architecture) throws -> Double

  /// - Parameters:
  ///   - checks: Architectures that are drawn for each ``bias(at:using:)``.
  ///   - cost: The cost of one architecture.
  package init(_ table: CostTable, checks: Int, cost: @escaping @Sendable (Architecture) throws -> Double) {
    self.table = table
    self.checks = max(1, checks)
    self.cost = cost
  }

  package var interval: Int { 1 }
  package var explainedShare: Double? { table.determination }

  package func expectation(
    of mixtures: [[Double]], using random: RandomStream
  ) throws -> (cost: Double, marginals: [[Double]]) {
    (table.expectation(mixtures), table.costs)
  }

  package func bias(at mixtures: [[Double]], using random: RandomStream) throws -> Double {
    var random = random
    var sum = 0.0
    for _ in 0..<checks {
      let drawn = Architecture(drawnFrom: mixtures, using: &random)
      sum += try cost(drawn) - table.cost(of: drawn)
    }
    return sum / Double(checks)
  }
}
