package import Search

extension SpaceSection {
  /// The space for images `[channels, height, width]` of so many classes.
  package func space(input: [Int], classes: Int) -> any SearchSpace {
    switch name {
    case .nasBench201: NASBench201Space(channels: channels, cells: cells, input: input, classes: classes)
    case .darts: DARTSSpace(channels: channels, cells: cells, input: input, classes: classes)
    case .dartsEdges: DARTSEdgeSpace(channels: channels, cells: cells, input: input, classes: classes)
    case .macro: MacroSpace(channels: channels, cells: cells, input: input, classes: classes)
    }
  }
}
