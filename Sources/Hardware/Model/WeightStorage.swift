/// Which of a layer's weights are stored and multiplied, in the direction of the reduction.
///
/// Source: SCALE-Sim 3.0.0, structured sparsity (Raj et al., arXiv:2504.15377).
package enum WeightStorage: Hashable, Sendable {
  /// All of them.
  case dense
  /// Of every `of` weights of a filter `kept` at most.
  case pattern(kept: Int, of: Int)
  /// Each filter has a density of its own, up to half of a block; two blocks of `block` weights share one of slots.
  case rows(block: Int)

  /// Slots that a reduction of `depth` weights takes.
  package func slots(_ depth: Int) -> Int {
    switch self {
    case .dense: depth
    case .pattern(let kept, let of): depth / of * kept + min(kept, depth % of)
    case .rows(let block): (depth + 2 * block - 1) / (2 * block) * block
    }
  }

  /// Activations among which a slot chooses: how many times as many the array reads in a cycle.
  package func choices(_ operands: Int) -> Int {
    switch self {
    case .dense: operands
    case .pattern(let kept, let of): (operands * of + kept - 1) / kept
    case .rows: 2 * operands
    }
  }

  /// Bits beside each stored weight that say where in its block it stood (blocked ELLPACK).
  package var metadataBits: Int {
    let choices: Int
    switch self {
    case .dense: choices = 1
    case .pattern(_, let of): choices = of
    case .rows(let block): choices = block
    }
    return Int.bitWidth - (choices - 1).leadingZeroBitCount
  }
}

/// Which weights that are zero an array can leave out.
package enum SparsitySupport: Hashable, Sendable {
  case none
  /// Those that the network says each layer has.
  case layers
  /// The same for all products with weights.
  case storage(WeightStorage)
}
