/// A loop of a convolution or matrix product, by its letter in Timeloop's notation (Parashar et al., ISPASS 2019).
package enum LoopIndex: String, Hashable, Sendable, CaseIterable {
  /// Rows and columns of the kernel.
  case kernelRow = "R"
  case kernelColumn = "S"
  /// Columns and rows of the output; the rows of a matrix product are columns here.
  case column = "P"
  case row = "Q"
  case inputChannel = "C"
  case outputChannel = "K"
  case batch = "N"
}

/// A whole number for each loop.
package struct LoopExtents: Hashable, Sendable {
  private var values = [Int](repeating: 1, count: LoopIndex.allCases.count)

  /// One for each loop.
  package init() {}

  package subscript(loop: LoopIndex) -> Int {
    get { values[Self.position(of: loop)] }
    set { values[Self.position(of: loop)] = newValue }
  }

  private static func position(of loop: LoopIndex) -> Int {
    switch loop {
    case .kernelRow: 0
    case .kernelColumn: 1
    case .column: 2
    case .row: 3
    case .inputChannel: 4
    case .outputChannel: 5
    case .batch: 6
    }
  }
}
