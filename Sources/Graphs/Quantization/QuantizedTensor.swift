/// A quantised tensor as an operator on integers sees it: the integers, and what one of them means.
package struct QuantizedTensor: Hashable, Sendable {
  /// The value that holds the integers.
  package var value: Value
  /// One scale for the tensor, or one for each index of the axis.
  package var scales: [Float]
  package var zeroPoint: Int
  /// The axis that the scales belong to; nil for one scale.
  package var axis: Int?
  /// The operands that hold scale and, where there is one, zero point.
  package var parameters: [Value]
}

extension Graph {
  /// What a dequantisation of known scale means: its operand with the numbers of its constants; nil where they are not
  /// known, or where zero points differ along an axis.
  package func dequantized(_ value: Value) -> QuantizedTensor? {
    guard case .node(let index, _) = value.source, let primitive = nodes[index].primitive as? DequantizeLinear
    else { return nil }
    return quantizedTensor(nodes[index].operands[0], nodes[index].operands, axis: primitive.axis)
  }

  /// The tensor of integers `value` with the scale and zero point among a conversion's operands.
  func quantizedTensor(_ value: Value, _ operands: [Value], axis: Int?) -> QuantizedTensor? {
    guard let scales = reals(operands[1]), [.int8, .uint8].contains(type(of: value).elementType) else {
      return nil
    }
    var zeroPoint = 0
    if operands.count > 2 {
      guard let points = integers(operands[2]), Set(points).count == 1 else { return nil }
      zeroPoint = points[0]
    }
    return QuantizedTensor(
      value: value, scales: scales, zeroPoint: zeroPoint, axis: scales.count == 1 ? nil : axis,
      parameters: Array(operands.dropFirst()))
  }

  /// The elements of a constant of single precision whose contents are known.
  package func reals(_ value: Value) -> [Float]? {
    guard case .constant(let index) = value.source, constants[index].type.elementType == .float32,
      let bytes = constants[index].bytes
    else { return nil }
    return bytes.withUnsafeBytes { raw in
      (0..<raw.count / 4).map { word in
        Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: word * 4, as: UInt32.self)))
      }
    }
  }

  /// The elements of a constant of int8 or uint8 whose contents are known.
  package func integers(_ value: Value) -> [Int]? {
    guard case .constant(let index) = value.source, let bytes = constants[index].bytes else { return nil }
    switch constants[index].type.elementType {
    case .int8: return bytes.map { Int(Int8(bitPattern: $0)) }
    case .uint8: return bytes.map { Int($0) }
    default: return nil
    }
  }
}
