import ArgumentParser

/// Options that say how a network is read.
struct NetworkOptions: ParsableArguments {
  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "Full shape of an input, for files that leave it open.",
      discussion: "For example --input images=1x3x224x224; may be repeated.",
      valueName: "name=1x3x224x224"))
  var input: [InputShape] = []

  @Option(name: .long, help: ArgumentHelp("Samples in one run.", valueName: "count"))
  var batch: Int?

  func validate() throws {
    if let batch, batch < 1 { throw ValidationError("--batch must be at least 1, found \(batch)") }
    for (index, shape) in input.enumerated() where input[..<index].contains(where: { $0.name == shape.name })
    {
      throw ValidationError("--input \(shape.name) is given twice")
    }
  }
}

extension NetworkOptions {
  /// The same for another number of samples.
  func withBatch(_ samples: Int) -> NetworkOptions {
    var options = self
    options.batch = samples
    for index in options.input.indices where !options.input[index].extents.isEmpty {
      options.input[index].extents[0] = samples
    }
    return options
  }
}

/// The shape of one input: "images=1x3x224x224".
struct InputShape: ExpressibleByArgument, Hashable {
  var name: String
  var extents: [Int]

  init?(argument: String) {
    guard let sign = argument.lastIndex(of: "="), sign > argument.startIndex else { return nil }
    name = String(argument[..<sign])
    let parts = argument[argument.index(after: sign)...].split(
      separator: "x", omittingEmptySubsequences: false)
    extents = parts.compactMap { Int($0) }
    guard extents.count == parts.count, extents.allSatisfy({ $0 > 0 }) else { return nil }
  }
}
