/// How a row-stationary array adds up over its passes: pads in the cells, and a port to the partial sums in the buffer.
///
/// A sum gathers the products of some channels in the cells. Then it leaves over the port, and the next pass reads it back:
/// the fewer channels a pass takes, the more often each sum travels (Chen et al., JSSC 52(1), 2017, sections III and IV).
package struct RowPasses: Hashable, Sendable {
  /// Sums that travel in a cycle, each way.
  package var sumsPerCycle: Int
  /// Inputs that a cell holds.
  package var inputPad: Int
  /// Inputs that a pass takes from the buffer, where one channel has no more.
  package var inputs: Int

  package init(sumsPerCycle: Int, inputPad: Int, inputs: Int) {
    self.sumsPerCycle = sumsPerCycle
    self.inputPad = inputPad
    self.inputs = inputs
  }

  /// Channels whose products a sum gathers in the cells before it travels.
  ///
  /// - Parameters:
  ///   - sets: Sets of cells, each at one channel of one filter.
  ///   - filter: Rows and columns of the filter.
  ///   - output: Output rows that lie over the whole array, and pixels of a row; inputs count as at a stride of 1.
  package func channelsTogether(
    sets: Int, filter: (rows: Int, columns: Int), output: (rows: Int, columns: Int)
  ) -> Int {
    let channel = (output.rows + filter.rows - 1) * (output.columns + filter.columns - 1)
    return min(max(1, inputPad / filter.columns) * sets, max(1, inputs / max(1, channel)))
  }
}
