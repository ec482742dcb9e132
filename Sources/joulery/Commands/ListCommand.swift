import ArgumentParser
import Datasets
import Formats
import FoundationEssentials
import Graphs
import Hardware
import Networks
import Reports
import Training

/// `joulery list`: what can be named on the command line.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the built-in networks, machines, datasets, operations, or the keys of a recipe.")

  /// What can be listed.
  enum Subject: String, ExpressibleByArgument, CaseIterable {
    case networks, hardware, datasets, operations
    case recipeKeys = "recipe-keys"
  }

  @Argument(help: "One of: networks, hardware, datasets, operations, recipe-keys.")
  var subject: Subject

  @Flag(name: .long, help: "Write JSON instead of a table.")
  var json = false

  func run() throws {
    switch subject {
    case .networks:
      let networks = BuiltInNetworks.all
      guard !json else {
        return try write(
          .array(networks.map { ["name": .string($0.name), "sentence": .string($0.sentence)] }))
      }
      try write(networks.map { ($0.name, $0.sentence) })
    case .hardware:
      let listing = try hardware()
      guard !json else { return try write(listing.json) }
      try StandardOutput.write(listing.terminalText(in: StandardOutput.style))
    case .datasets:
      let library = DatasetLibrary.standard(environment: ProcessInfo.processInfo.environment)
      let rows = DatasetLibrary.entries.map { entry in
        let isHere = entry.name == "stripes" || library.path(of: entry) != nil
        return (entry.name, entry.sentence + (isHere ? "" : "; not here, scripts/fetch-data fetches it"))
      }
      try json ? write(.named(rows)) : write(rows)
    case .recipeKeys:
      let defaults = TrainingSettings()
      let rows = SettingKeys.all.map { key in
        (key.name, "\(key.sentence) \(key.expectation); \(key.text(in: defaults))")
      }
      try json ? write(.named(rows)) : write(rows)
    case .operations:
      guard !json else { return try write(.array(Operations.all.flatMap(\.json))) }
      for group in Operations.all { try write(group.rows, under: "\(group.title) (\(group.rows.count))") }
    }
  }

  /// All machines of the library.
  ///
  /// - Throws: ``Failure`` where there is none: the folder was not found.
  private func hardware() throws -> HardwareListing {
    let library = HardwareLibrary.installed
    let names = library.names + library.names(in: "calibrated").map { "calibrated/\($0)" }
    guard !names.isEmpty else {
      throw Failure(
        .notFound,
        "list hardware: found no hardware file in \(listed(library.searchPath)), expected a folder of them; "
          + "set JOULERY_HWMODELS to the folder 'hwmodels' of the distribution")
    }
    return HardwareListing(names.map { .init(name: $0, model: try? library.model($0)) })
  }

  private func write(_ list: JSONValue) throws {
    let document: JSONValue = ["schema": .integer(RunReport.schema), "\(subject.rawValue)": list]
    try StandardOutput.write(document.text)
  }

  private func write(_ rows: [(name: String, sentence: String)], under title: String? = nil) throws {
    let style = StandardOutput.style
    var table = TextTable([.init(""), .init("")])
    for row in rows { table.add(row.name, row.sentence) }
    let indentation = title == nil ? 2 : 0
    let heading = title.map { style.heading($0) + "\n" } ?? ""
    let end = title == nil ? "" : "\n"
    let lines = table.lines(in: style).map { $0.dropFirst(indentation) + "\n" }
    try StandardOutput.write(heading + lines.joined() + end)
  }
}

/// Operations of one family, as they are listed.
private struct Operations {
  var title: String
  var rows: [(name: String, sentence: String)]

  /// ONNX's operators, then the primitives of the graph, each with an example.
  static var all: [Operations] {
    OperatorTable.groups.map { group in
      Operations(title: "ONNX: \(group.title)", rows: group.operators.map { ($0.name, $0.versions) })
    }
      + PrimitiveCatalog.groups.map { group in
        var rows: [(name: String, sentence: String)] = []
        for sample in group.samples where !rows.contains(where: { $0.name == sample.primitive.name }) {
          rows.append((sample.primitive.name, example(sample)))
        }
        return Operations(title: "primitives: \(group.title)", rows: rows)
      }
  }

  var json: [JSONValue] {
    rows.map {
      ["name": .string($0.name), "group": .string(title), "sentence": .string($0.sentence)]
    }
  }

  /// "float32[7, 5], float32[5, 3] → float32[7, 3]".
  private static func example(_ sample: PrimitiveCatalog.Sample) -> String {
    let operands = sample.operandTypes.map(\.description).joined(separator: ", ")
    let results = (try? sample.primitive.results(for: sample.operandTypes)) ?? []
    return "for example \(operands) → \(results.map(\.description).joined(separator: ", "))"
  }
}

extension JSONValue {
  /// Names with their sentences.
  fileprivate static func named(_ rows: [(name: String, sentence: String)]) -> JSONValue {
    .array(rows.map { ["name": .string($0.name), "sentence": .string($0.sentence)] })
  }
}
