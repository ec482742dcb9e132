extension JSONValue {
  /// The value of a member, or nil where this is no object or has none of that name.
  package subscript(_ name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// The text, where this is one.
  package var asString: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  /// The whole number, where this is one.
  package var asInteger: Int? {
    guard case .integer(let number) = self else { return nil }
    return number
  }

  /// The number, whole or not, where this is one.
  package var asNumber: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }

  /// The elements, where this is an array.
  package var asArray: [JSONValue]? {
    guard case .array(let elements) = self else { return nil }
    return elements
  }

  /// The whole numbers of an array that holds nothing else.
  package var asIntegers: [Int]? {
    guard let elements = asArray else { return nil }
    let integers = elements.compactMap(\.asInteger)
    return integers.count == elements.count ? integers : nil
  }
}
