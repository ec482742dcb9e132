/// The attributes of one node, with a record of which were read: what nobody asked for was not understood.
struct AttributeReader {
  private let attributes: [String: Onnx_AttributeProto]
  private var unread: Set<String>

  /// Integers of attributes stay within ±2^31, so that a product of two and a sum of few cannot overflow.
  static let limit: Int64 = 1 << 31

  init(_ attributes: [Onnx_AttributeProto]) {
    self.attributes = Dictionary(attributes.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
    unread = Set(self.attributes.keys)
  }

  /// Names that were never asked for, sorted.
  var unknown: [String] { unread.sorted() }

  /// Marks attributes that have no influence on shapes, work or values of inference.
  mutating func ignore(_ names: String...) { unread.subtract(names) }

  mutating func has(_ name: String) -> Bool { attributes[name] != nil }

  mutating func integer(_ name: String) throws(NodeFinding) -> Int? {
    guard let attribute = try take(name, .int) else { return nil }
    return try bounded(attribute.i, name)
  }

  mutating func integer(_ name: String, default standard: Int) throws(NodeFinding) -> Int {
    try integer(name) ?? standard
  }

  mutating func flag(_ name: String, default standard: Bool = false) throws(NodeFinding) -> Bool {
    try integer(name).map { $0 != 0 } ?? standard
  }

  mutating func integers(_ name: String) throws(NodeFinding) -> [Int]? {
    guard let attribute = try take(name, .ints) else { return nil }
    var values: [Int] = []
    for value in attribute.ints { values.append(try bounded(value, name)) }
    return values
  }

  /// Integers of any size, for contents of tensors.
  mutating func contents(_ name: String) throws(NodeFinding) -> [Int]? {
    try take(name, .ints).map { $0.ints.map { Int($0) } }
  }

  /// An integer of any size, for the content of a tensor.
  mutating func content(_ name: String) throws(NodeFinding) -> Int? {
    try take(name, .int).map { Int($0.i) }
  }

  mutating func real(_ name: String) throws(NodeFinding) -> Double? {
    try take(name, .float).map { Double($0.f) }
  }

  mutating func real(_ name: String, default standard: Double) throws(NodeFinding) -> Double {
    try real(name) ?? standard
  }

  mutating func reals(_ name: String) throws(NodeFinding) -> [Double]? {
    try take(name, .floats).map { $0.floats.map(Double.init) }
  }

  mutating func text(_ name: String) throws(NodeFinding) -> String? {
    try take(name, .string).map { String(decoding: $0.s, as: UTF8.self) }
  }

  /// A text that must be one of the given ones.
  mutating func text(_ name: String, default standard: String, of allowed: [String]) throws(NodeFinding)
    -> String
  {
    let value = try text(name) ?? standard
    guard allowed.contains(value) else {
      throw NodeFinding(found: "\(name) '\(value)'", expected: allowed.joined(separator: ", "))
    }
    return value
  }

  mutating func tensor(_ name: String) throws(NodeFinding) -> Onnx_TensorProto? {
    try take(name, .tensor).map(\.t)
  }

  mutating func graph(_ name: String) throws(NodeFinding) -> Onnx_GraphProto? {
    try take(name, .graph).map(\.g)
  }

  private mutating func take(
    _ name: String, _ type: Onnx_AttributeProto.AttributeType
  ) throws(NodeFinding) -> Onnx_AttributeProto? {
    unread.remove(name)
    guard let attribute = attributes[name] else { return nil }
    guard attribute.type == type || attribute.type == .undefined else {
      throw NodeFinding(found: "attribute '\(name)' of type \(attribute.type)", expected: "\(type)")
    }
    return attribute
  }

  private func bounded(_ value: Int64, _ name: String) throws(NodeFinding) -> Int {
    guard (-Self.limit...Self.limit).contains(value) else {
      throw NodeFinding(found: "attribute '\(name)' of \(value)", expected: "a number within ±2^31")
    }
    return Int(value)
  }
}
