package import Formats
import Measures

/// Rows that measured the same thing again: what no model can predict better than.
package struct Repeats: Hashable, Sendable {
  /// Subjects with more than one row.
  package var groups: Int
  /// The mean distance of a repeat from the median of its group, as a share of it.
  package var noise: Double
  package var quantity: MeasuredQuantity

  /// Repeats that differ by more than this factor contradict each other.
  static let largestFactor = 2.0

  /// The repeats of a quantity; nil where nothing was measured twice.
  package init?(of quantity: MeasuredQuantity, in rows: [Measurement]) {
    let groups = Self.groups(of: quantity, in: rows)
    guard !groups.isEmpty else { return nil }
    let distances = groups.flatMap { values in
      let median = values.map(\.value).median
      return values.map { abs($0.value - median) / median }
    }
    self.groups = groups.count
    self.quantity = quantity
    noise = distances.mean
  }

  /// What is wrong with repeats that cannot both be true.
  package static func contradictions(in rows: [Measurement]) -> [Diagnostic] {
    MeasuredQuantity.allCases.flatMap { quantity in
      groups(of: quantity, in: rows).compactMap { values -> Diagnostic? in
        guard let least = values.min(by: { $0.value < $1.value }),
          let most = values.max(by: { $0.value < $1.value }), most.value > largestFactor * least.value
        else { return nil }
        let factor = shortest(most.value / least.value, digits: 3)
        return Diagnostic(
          at: most.place,
          "\(quantity.rawValue) is \(factor) times that of the same run in line \(least.place.line)",
          expected: "repeats that agree within a factor of \(shortest(largestFactor, digits: 2))",
          remedy: "remove the wrong one, give it a 'flag', or tell the rows apart by 'set' or 'input'")
      }
    }
  }

  private static func groups(
    of quantity: MeasuredQuantity, in rows: [Measurement]
  ) -> [[(value: Double, place: Place)]] {
    var order: [String] = []
    var groups: [String: [(value: Double, place: Place)]] = [:]
    for row in rows {
      guard let value = row.value(of: quantity) else { continue }
      if groups[row.subject] == nil { order.append(row.subject) }
      groups[row.subject, default: []].append((value, row.place))
    }
    return order.compactMap { groups[$0] }.filter { $0.count > 1 }
  }
}
