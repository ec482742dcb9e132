package import Hardware

/// When the folds of one tile load, stream and leave, on an otherwise idle array whose accesses are never refused.
///
/// Cycle 0 is the tile's start. The machine keeps these times whenever no bank is contended; conventions in
/// ``FoldPlan``. Complexity: O(folds).
package struct FoldSchedule: Hashable, Sendable {
  /// The first cycles of a fold's phases.
  package struct Fold: Hashable, Sendable {
    /// Of its stationary operand's way in; equal to ``stream`` when nothing is stationary.
    package var preload: Int
    /// Of its stream.
    package var stream: Int
    /// Of its results' way out, when they are what is stationary; else the cycle after the stream.
    package var drain: Int
  }

  package let plan: FoldPlan
  package let folds: [Fold]
  /// The cycle after the last result: when the tile completes.
  package let end: Int
  /// Columns that see operands one after the other.
  private let skewedColumns: Int
  private let columns: Int
  private let pace: StreamPace

  package init(_ tile: ArrayTile, on array: MACArray, pace: StreamPace = StreamPace(rate: 1)) {
    plan = FoldPlan(tile, on: array)
    skewedColumns = array.kind == .systolic && tile.depthwiseChannels == 0 ? array.columns : 0
    columns = array.columns
    self.pace = pace
    let length = pace.cycles(of: plan.streamAccesses)
    let pipeline = plan.skewCycles - plan.skewBeforeDrain
    var folds: [Fold] = []
    folds.reserveCapacity(plan.folds)
    for index in 0..<plan.folds {
      var preload = 0
      var stream = 0
      if let last = folds.last {
        let lastEnd = last.stream + length
        // A shadow register takes the next operand once the stream has begun to use the present one.
        preload =
          array.overlapsPreload ? last.stream : array.overlapsFolds ? lastEnd : lastEnd + plan.skewCycles
        stream = max(
          array.overlapsFolds ? lastEnd : lastEnd + plan.skewCycles, last.stream + array.minimumFoldCycles)
        if plan.keepsResults {
          // With shadow registers one fold's results may wait while the next streams, without them none.
          if !array.overlapsFolds {
            stream = max(stream, last.drain + plan.drainCycles + pipeline)
          } else if index > 1 {
            stream = max(stream, folds[index - 2].drain + plan.drainCycles)
          }
        }
      }
      if plan.preloadCycles > 0 { stream = max(stream, preload + plan.preloadCycles) }
      var drain = stream + length
      if plan.keepsResults {
        drain += plan.skewBeforeDrain
        if let last = folds.last { drain = max(drain, last.drain + plan.drainCycles) }
      }
      folds.append(Fold(preload: plan.preloadCycles > 0 ? preload : stream, stream: stream, drain: drain))
    }
    self.folds = folds
    let last = folds[folds.count - 1]
    end = last.drain + (plan.keepsResults ? plan.drainCycles + pipeline : plan.skewCycles)
  }

  /// The cycle in which a result appears: that of column `column` of a fold.
  ///
  /// - Parameter row: The streamed operand that makes it or, when results are stationary, the row of cells (for a
  ///   dot-product block always 0) that holds it.
  package func resultCycle(fold: Int, row: Int, column: Int) -> Int {
    guard !plan.keepsResults else {
      // The first row of a single column on a bus is gone before the others begin.
      let position = plan.drainsTopFirst ? row - (columns == 1 ? 1 : 0) : plan.drainCycles - 1 - row
      return folds[fold].drain + position + plan.skewCycles - plan.skewBeforeDrain
    }
    let lastPass = folds[fold].stream + pace.cycles(of: row + 1) - 1
    return lastPass + plan.skewCycles - max(0, skewedColumns - 1 - column)
  }
}
