/// What the caller decides about an import.
package struct ONNXImportOptions: Hashable, Sendable {
  /// Full shapes of inputs by name, for inputs whose extents the file leaves open.
  package var bindings: [String: [Int]]
  /// The extent of open first axes.
  package var batch: Int?
  /// Whether constants get their bytes; otherwise only those of at most 4 KiB do, and no weight is read.
  package var readsWeights: Bool
  /// The graph's name; nil for the file's name without its extension.
  package var name: String?

  package init(
    bindings: [String: [Int]] = [:], batch: Int? = nil, readsWeights: Bool = false, name: String? = nil
  ) {
    self.bindings = bindings
    self.batch = batch
    self.readsWeights = readsWeights
    self.name = name
  }
}
