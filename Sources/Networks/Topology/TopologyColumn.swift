/// What a column of a topology means, and the headings under which files have it.
enum TopologyColumn: String, CaseIterable {
  case name, inputHeight, inputWidth, filterHeight, filterWidth, channels, filters, stride
  case m, n, k
  case sparsity

  /// The columns of both layouts, in the order in which SCALE-Sim writes them.
  static let convolution: [TopologyColumn] = [
    .name, .inputHeight, .inputWidth, .filterHeight, .filterWidth, .channels, .filters, .stride,
  ]
  static let matrixProduct: [TopologyColumn] = [.name, .m, .n, .k]

  /// The heading in messages.
  var heading: String { headings[0] }

  /// Accepted headings; compared without case, spaces and punctuation.
  private var headings: [String] {
    switch self {
    case .name: ["Layer", "Layer Name", "Name"]
    case .inputHeight: ["IFMAP Height", "IFMAP H", "Input Height"]
    case .inputWidth: ["IFMAP Width", "IFMAP W", "Input Width"]
    case .filterHeight: ["Filter Height", "Filter H", "Kernel Height"]
    case .filterWidth: ["Filter Width", "Filter W", "Kernel Width"]
    case .channels: ["Channels", "Num Channels", "Input Channels"]
    case .filters: ["Num Filter", "Num Filters", "Filters", "Output Channels"]
    case .stride: ["Strides", "Stride"]
    case .m: ["M"]
    case .n: ["N"]
    case .k: ["K"]
    case .sparsity: ["Sparsity", "Sparsity Ratio", "Sparsity Support"]
    }
  }

  /// The column of a heading, nil for an unknown one.
  init?(heading text: some StringProtocol) {
    let plain = Self.plain(text)
    guard let column = Self.allCases.first(where: { $0.headings.contains { Self.plain($0) == plain } }) else {
      return nil
    }
    self = column
  }

  private static func plain(_ text: some StringProtocol) -> String {
    text.lowercased().filter { $0.isLetter || $0.isNumber }
  }
}
