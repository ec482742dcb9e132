/// How one network is shared out among the cores of a machine.
package enum Partition: String, Hashable, Sendable, CaseIterable {
  /// Each core runs the whole network on its share of the samples.
  case batch
  /// Each core makes its share of the tiles of every layer, and layers follow each other.
  case tile
  /// Each core runs some consecutive layers, and samples go from core to core.
  case pipeline

  /// Samples of each core, at most one apart; cores that would have none are left out.
  package static func shares(ofBatch samples: Int, cores: Int) -> [Int] {
    (0..<cores).map { samples * ($0 + 1) / cores - samples * $0 / cores }.filter { $0 > 0 }
  }
}
