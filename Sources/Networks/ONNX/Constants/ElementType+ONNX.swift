import Graphs

extension ElementType {
  /// The element type of a `TensorProto.DataType` number, with an error that names it otherwise.
  init(onnx number: Int) throws(NodeFinding) {
    guard let type = Self.onnxTypes[number] else {
      let name = Onnx_TensorProto.DataType.allCases.first { $0.rawValue == number }.map { "\($0)" }
      throw NodeFinding(
        found: "elements of type \(name ?? "\(number)")", expected: "real numbers, integers or bool")
    }
    self = type
  }

  /// The `TensorProto.DataType` number.
  var onnx: Int {
    switch self {
    case .float32: 1
    case .uint8: 2
    case .int8: 3
    case .uint16: 4
    case .int16: 5
    case .int32: 6
    case .int64: 7
    case .bool: 9
    case .float16: 10
    case .float64: 11
    case .uint32: 12
    case .uint64: 13
    case .bfloat16: 16
    case .uint4: 21
    case .int4: 22
    }
  }

  private static let onnxTypes: [Int: ElementType] = [
    1: .float32, 2: .uint8, 3: .int8, 4: .uint16, 5: .int16, 6: .int32, 7: .int64, 9: .bool, 10: .float16,
    11: .float64, 12: .uint32, 13: .uint64, 16: .bfloat16, 21: .uint4, 22: .int4,
  ]
}
