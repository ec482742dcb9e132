import Graphs

extension Literal {
  /// The elements of packed little-endian bytes, which must be as many as the type has.
  init(bytes: [UInt8], type: TensorType) {
    let count = type.count
    func integers<Number: FixedWidthInteger>(_: Number.Type) -> Literal {
      Literal(
        bytes.withUnsafeBytes { raw in
          (0..<count).map {
            Int(
              truncatingIfNeeded: Number(
                littleEndian: raw.loadUnaligned(
                  fromByteOffset: $0 * MemoryLayout<Number>.size, as: Number.self)))
          }
        }, shape: type.shape, type.elementType)
    }
    func reals<Pattern: FixedWidthInteger>(_ value: (Pattern) -> Double) -> Literal {
      Literal(
        bytes.withUnsafeBytes { raw in
          (0..<count).map {
            value(
              Pattern(
                littleEndian: raw.loadUnaligned(
                  fromByteOffset: $0 * MemoryLayout<Pattern>.size, as: Pattern.self)))
          }
        }, shape: type.shape, type.elementType)
    }
    switch type.elementType {
    case .float64: self = reals { Double(bitPattern: $0) }
    case .float32: self = reals { Double(Float(bitPattern: $0)) }
    case .float16: self = reals { Double(Float16(bitPattern: $0)) }
    case .bfloat16: self = reals { Double(Float(bfloat16: $0)) }
    case .int64, .uint64: self = integers(Int64.self)
    case .int32: self = integers(Int32.self)
    case .uint32: self = integers(UInt32.self)
    case .int16: self = integers(Int16.self)
    case .uint16: self = integers(UInt16.self)
    case .int8: self = integers(Int8.self)
    case .uint8, .bool: self = integers(UInt8.self)
    case .int4, .uint4:
      self.init(
        (0..<count).map { Int(bytes[$0 / 2] >> (4 * UInt8($0 & 1)) & 15) }, shape: type.shape,
        type.elementType)
    }
  }

  /// The elements of the typed fields of a message; the count has been checked.
  init(fields message: Onnx_TensorProto, type: TensorType) {
    switch type.elementType {
    case .float32: self.init(message.floatData.map(Double.init), shape: type.shape, type.elementType)
    case .float64: self.init(message.doubleData, shape: type.shape, type.elementType)
    case .int64: self.init(message.int64Data.map { Int($0) }, shape: type.shape, type.elementType)
    case .uint64, .uint32:
      self.init(message.uint64Data.map { Int(truncatingIfNeeded: $0) }, shape: type.shape, type.elementType)
    case .float16:
      self.init(
        message.int32Data.map { Double(Float16(bitPattern: UInt16(truncatingIfNeeded: $0))) },
        shape: type.shape, type.elementType)
    case .bfloat16:
      self.init(
        message.int32Data.map { Double(Float(bfloat16: UInt16(truncatingIfNeeded: $0))) },
        shape: type.shape, type.elementType)
    case .int4, .uint4:
      let bytes = message.int32Data.map { UInt8(truncatingIfNeeded: $0) }
      self.init(bytes: bytes, type: type)
    default: self.init(message.int32Data.map { Int($0) }, shape: type.shape, type.elementType)
    }
  }

  /// The elements as packed little-endian bytes.
  var bytes: [UInt8] {
    func packed<Number: FixedWidthInteger>(_ numbers: some Sequence<Number>) -> [UInt8] {
      numbers.flatMap { number in withUnsafeBytes(of: number.littleEndian) { Array($0) } }
    }
    let integers = integers ?? []
    return switch elementType {
    case .float64: packed(reals.map(\.bitPattern))
    case .float32: packed(reals.map { Float($0).bitPattern })
    case .float16: packed(reals.map { Float16($0).bitPattern })
    case .bfloat16: packed(reals.map { ElementType.bfloat16Bits($0) })
    case .int64, .uint64: packed(integers)
    case .int32, .uint32: packed(integers.map { Int32(truncatingIfNeeded: $0) })
    case .int16, .uint16: packed(integers.map { Int16(truncatingIfNeeded: $0) })
    case .int8, .uint8, .bool: integers.map { UInt8(truncatingIfNeeded: $0) }
    case .int4, .uint4:
      stride(from: 0, to: integers.count, by: 2).map { index in
        let high = index + 1 < integers.count ? integers[index + 1] : 0
        return UInt8(truncatingIfNeeded: integers[index] & 15 | (high & 15) << 4)
      }
    }
  }
}
