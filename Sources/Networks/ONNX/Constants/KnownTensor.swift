import Graphs

/// A tensor that the file determines: an initializer, or something computed of initializers alone.
struct KnownTensor: Sendable {
  enum Contents: Sendable {
    case literal(Literal)
    case stored(StoredTensor)
    /// Computed of weights that are not read: only the type is known.
    case typeOnly
  }

  /// Tells this tensor from all others of an import; equal ids are the same tensor.
  var id: Int
  var name: String
  var type: TensorType
  var contents: Contents
  /// The initializers of the file that it comes from and that hold trained numbers, ascending.
  var sources: [Int] = []
}

/// What a name of the file stands for while a graph is made of it.
enum Binding: Sendable {
  /// An operand that is left out.
  case absent
  /// A tensor that is computed by the graph.
  case value(Value)
  case known(KnownTensor)
  /// The result of a node that could not be imported.
  case poisoned
}
