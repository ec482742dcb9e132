import Graphs

/// A tensor whose elements are known during the import: shapes and the small tensors of shape arithmetic.
///
/// Integers and truth values are exact; real numbers are rounded to their element type after every step.
struct Literal: Hashable, Sendable {
  enum Elements: Hashable, Sendable {
    /// Integers, and truth values as 0 and 1.
    case integers([Int])
    case reals([Double])
  }

  /// Literals have at most this many elements; larger tensors are known by their type only.
  static let maximumCount = 1 << 16

  var shape: [Int]
  var elementType: ElementType
  var elements: Elements

  var type: TensorType { TensorType(shape, elementType) }
  var count: Int { shape.reduce(1, *) }

  init(_ integers: [Int], shape: [Int], _ elementType: ElementType = .int64) {
    self.shape = shape
    self.elementType = elementType
    elements = .integers(
      elementType == .bool ? integers.map { $0 == 0 ? 0 : 1 } : integers.map(elementType.wrap))
  }

  init(_ reals: [Double], shape: [Int], _ elementType: ElementType) {
    self.shape = shape
    self.elementType = elementType
    elements = .reals(reals.map(elementType.rounded))
  }

  /// A vector of int64 numbers, as shapes are.
  init(vector integers: [Int]) { self.init(integers, shape: [integers.count]) }

  /// The elements, if they are integers or truth values.
  var integers: [Int]? {
    guard case .integers(let values) = elements else { return nil }
    return values
  }

  /// The elements as real numbers.
  var reals: [Double] {
    switch elements {
    case .integers(let values): values.map(Double.init)
    case .reals(let values): values
    }
  }

  /// The elements at the given places, under another shape.
  func picking(_ places: [Int], shape: [Int]) -> Literal {
    var result = self
    result.shape = shape
    switch elements {
    case .integers(let values): result.elements = .integers(places.map { values[$0] })
    case .reals(let values): result.elements = .reals(places.map { values[$0] })
    }
    return result
  }

  /// The same elements in another format, as ONNX's Cast converts them.
  func cast(to type: ElementType) -> Literal {
    switch elements {
    case .integers(let values):
      type.isFloatingPoint
        ? Literal(values.map(Double.init), shape: shape, type) : Literal(values, shape: shape, type)
    case .reals(let values):
      if type.isFloatingPoint {
        Literal(values, shape: shape, type)
      } else if type == .bool {
        Literal(values.map { $0 == 0 ? 0 : 1 }, shape: shape, type)
      } else {
        Literal(values.map { type.bounded(Self.truncated($0)) }, shape: shape, type)
      }
    }
  }

  /// Towards zero; numbers that no integer holds become the nearest one, NaN becomes 0.
  private static func truncated(_ value: Double) -> Int {
    if value.isNaN { return 0 }
    return Int(exactly: value.rounded(.towardZero)) ?? (value < 0 ? .min : .max)
  }
}

extension ElementType {
  /// An integer reduced to the width of the type, as arithmetic in that type would leave it.
  func wrap(_ value: Int) -> Int {
    switch self {
    case .int32: Int(Int32(truncatingIfNeeded: value))
    case .int16: Int(Int16(truncatingIfNeeded: value))
    case .int8: Int(Int8(truncatingIfNeeded: value))
    case .int4: Int((Int8(truncatingIfNeeded: value) << 4) >> 4)
    case .uint32: Int(UInt32(truncatingIfNeeded: value))
    case .uint16: Int(UInt16(truncatingIfNeeded: value))
    case .uint8: Int(UInt8(truncatingIfNeeded: value))
    case .uint4: value & 15
    default: value
    }
  }

  /// The integer of the type that is nearest to an integer.
  func bounded(_ value: Int) -> Int {
    guard bits < 64 else { return value }
    let isSigned = self == .int32 || self == .int16 || self == .int8 || self == .int4
    return isSigned
      ? min(max(value, -(1 << (bits - 1))), (1 << (bits - 1)) - 1) : min(max(value, 0), (1 << bits) - 1)
  }

  /// A real number rounded to the precision of the type.
  func rounded(_ value: Double) -> Double {
    switch self {
    case .float32: Double(Float(value))
    case .float16: Double(Float16(value))
    case .bfloat16: Double(Float(bfloat16: Self.bfloat16Bits(value)))
    default: value
    }
  }

  /// The bits of the bfloat16 number nearest to a value, ties to even.
  static func bfloat16Bits(_ value: Double) -> UInt16 {
    let bits = Float(value).bitPattern
    guard !value.isNaN else { return 0x7fc0 }
    return UInt16(truncatingIfNeeded: (bits &+ 0x7fff &+ (bits >> 16 & 1)) >> 16)
  }
}

extension Float {
  /// The value of a bfloat16 number.
  init(bfloat16 bits: UInt16) { self.init(bitPattern: UInt32(bits) << 16) }
}
