/// The number format of a tensor's elements.
package enum ElementType: String, Hashable, Sendable, CaseIterable {
  case float64, float32, float16, bfloat16
  case int64, int32, int16, int8, int4
  case uint64, uint32, uint16, uint8, uint4
  case bool

  /// The width of one element in bits.
  package var bits: Int {
    switch self {
    case .float64, .int64, .uint64: 64
    case .float32, .int32, .uint32: 32
    case .float16, .bfloat16, .int16, .uint16: 16
    case .int8, .uint8, .bool: 8
    case .int4, .uint4: 4
    }
  }

  package var isFloatingPoint: Bool {
    switch self {
    case .float64, .float32, .float16, .bfloat16: true
    default: false
    }
  }
}

/// What is known of a tensor before it exists: its extents and the format of its elements.
package struct TensorType: Hashable, Sendable, CustomStringConvertible {
  /// Extents, outermost first; a scalar has none.
  package var shape: [Int]
  package var elementType: ElementType

  package init(_ shape: [Int], _ elementType: ElementType = .float32) {
    self.shape = shape
    self.elementType = elementType
  }

  /// The number of elements.
  package var count: Int { shape.reduce(1, *) }
  package var rank: Int { shape.count }
  /// The size in bytes when densely packed.
  package var byteCount: Int { (count * elementType.bits + 7) / 8 }
  package var description: String { "\(elementType.rawValue)\(shape)" }
}
