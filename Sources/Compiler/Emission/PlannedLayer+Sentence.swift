import Hardware

extension PlannedLayer {
  /// Why the mapping was chosen, as one sentence.
  func sentence(on machine: Target) -> String {
    let share = Int((100 * estimate.arrayCycles / max(1, estimate.cycles)).rounded())
    switch mapping {
    case .array(let mapping, let problem):
      let shape = problem.shape
      let tile =
        "\(mapping.rowTile) × \(mapping.columnTile) pixels × \(mapping.channelTile) channels per tile"
      let weights =
        problem.right != nil
        ? "both operands computed by the network"
        : mapping.order == .weightsOuter ? "weights loaded once" : "pixels loaded once"
      let split =
        mapping.reductionTile < shape.channels && !shape.isChannelwise
        ? ", reduction in parts of \(mapping.reductionTile) channels" : ""
      let bound =
        estimate.bound == .array
        ? "array-bound (array busy \(share) %)" : "\(estimate.bound.rawValue)-bound (array busy \(share) %)"
      return "\(mapping.dataflow.rawValue), \(tile), \(weights)\(split); \(bound)"
    case .vector(let mapping, _):
      let tile =
        "\(mapping.rowTile) × \(mapping.columnTile) pixels × \(mapping.channelTile) channels per tile"
      let movement = mapping.pieces > 1 ? "moved in \(mapping.pieces) pieces" : tile
      return
        "vector unit, \(movement)\(mapping.readsTwice ? ", read twice" : ""); \(estimate.bound.rawValue)-bound"
    }
  }
}
