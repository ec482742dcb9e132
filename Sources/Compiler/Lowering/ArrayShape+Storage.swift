import Graphs
import Hardware

extension Lowerer {
  /// How the machine stores weights of which the network says this much.
  func storage(of weights: Value) -> WeightStorage {
    switch machine.model.array.sparsity {
    case .none: return .dense
    case .storage(let storage): return storage
    case .layers:
      guard case .constant(let position) = weights.source,
        let sparsity = graph.constants[position].sparsity, sparsity.kept < sparsity.of
      else { return .dense }
      return .pattern(kept: sparsity.kept, of: sparsity.of)
    }
  }
}

extension ArrayShape {
  /// Leaves out the weights that `storage` does not keep, and their multiplications.
  mutating func store(_ storage: WeightStorage) {
    self.storage = storage
    let all = channels * kernelPositions
    let kept = stored(channels: channels, positions: kernelPositions)
    guard kept < all else { return }
    macs = macs / all * kept + macs % all * kept / all
  }

  /// Weights that are stored for one item.
  var storedWeights: Int {
    if depthwiseChannels > 0 { return kernelPositions * depthwiseChannels }
    let depth = diagonalChannels > 0 ? diagonalChannels : channels
    return stored(channels: depth, positions: kernelPositions) * outputChannels * phases
  }

  /// Weights that are stored for each output channel, of some input channels at some kernel positions.
  func stored(channels: Int, positions: Int) -> Int {
    packsKernel ? storage.slots(channels * positions) : positions * storage.slots(channels)
  }
}
