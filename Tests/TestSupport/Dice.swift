/// A tiny generator of reproducible numbers.
package struct Dice {
  private var state: UInt64

  package init(state: UInt64) { self.state = state }

  /// A number of the range, each as likely as the others.
  package mutating func roll(_ range: ClosedRange<Int>) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let span = UInt64(range.upperBound - range.lowerBound + 1)
    return range.lowerBound + Int((state >> 33) % span)
  }

  /// One of the values, each as likely as the others.
  package mutating func pick<Element>(_ values: [Element]) -> Element { values[roll(0...(values.count - 1))] }
}
