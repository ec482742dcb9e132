package import Graphs

/// How numbers become integers of 8 bits.
package struct QuantizationFormat: Hashable, Sendable {
  /// int8 or uint8, for activations; weights are int8 around 0.
  package var activations: ElementType
  package var method: CalibrationMethod

  package init(activations: ElementType = .uint8, method: CalibrationMethod = .minimumMaximum) {
    self.activations = activations == .int8 ? .int8 : .uint8
    self.method = method
  }

  /// Scale and zero point of a range that contains 0.
  func parameters(_ range: ClosedRange<Float>) -> (scale: Float, zeroPoint: Int) {
    let low = activations.range.lowerBound
    let width = range.upperBound - range.lowerBound
    guard width > 0, width.isFinite else { return (1, low) }
    let scale = max(width / 255, 0x1p-100)
    let zeroPoint = Int((-range.lowerBound / scale).rounded(.toNearestOrEven)) + low
    return (scale, min(max(zeroPoint, low), activations.range.upperBound))
  }

  /// Weights around 0 with one scale for each output channel, and a bias in units of the products' sums.
  ///
  /// A scale grows where a large bias would need more than 2²¹ units.
  static func weights(
    _ numbers: [Float], channels: Int, isOutermost: Bool, bias: [Float]?, inputScale: Float
  ) -> (integers: [Int8], scales: [Float], bias: [Float]?) {
    func channel(_ place: Int) -> Int {
      isOutermost ? place / (numbers.count / channels) : place % channels
    }
    var largest = Array(repeating: Float(0), count: channels)
    for (place, number) in numbers.enumerated() {
      largest[channel(place)] = max(largest[channel(place)], abs(number))
    }
    var scales = largest.map { $0 > 0 ? $0 / 127 : 1 / 127 }
    for channel in 0..<channels {
      let needed = abs(bias?[channel] ?? 0) / inputScale / 0x1p21
      scales[channel] = max(scales[channel], needed)
    }
    let integers = numbers.enumerated().map { place, number in
      Int8(min(max((number / scales[channel(place)]).rounded(.toNearestOrEven), -127), 127))
    }
    let whole = bias?.enumerated().map { channel, number in
      let unit = Double(inputScale) * Double(scales[channel])
      return Float((Double(number) / unit).rounded() * unit)
    }
    return (integers, scales, whole)
  }
}
