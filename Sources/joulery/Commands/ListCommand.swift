import ArgumentParser
import Formats
import Graphs
import Hardware
import Networks
import Reports

/// `joulery list`: what can be named on the command line.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the built-in networks, the machines, or the operations that are understood.")

  /// What can be listed.
  enum Subject: String, ExpressibleByArgument, CaseIterable {
    case networks, hardware, operations
  }

  @Argument(help: "One of: networks, hardware, operations.")
  var subject: Subject

  @Flag(name: .long, help: "Write JSON instead of a table.")
  var json = false

  /// One thing with a sentence about it.
  private struct Item {
    var name: String
    var sentence: String
  }

  func run() throws {
    let items = try items()
    if json {
      let list = items.map { item -> JSONValue in
        ["name": .string(item.name), "sentence": .string(item.sentence)]
      }
      let document: JSONValue = ["schema": .integer(RunReport.schema), "\(subject.rawValue)": .array(list)]
      return try StandardOutput.write(document.text)
    }
    var table = TextTable([.init(""), .init("")])
    for item in items { table.add(item.name, item.sentence) }
    try StandardOutput.write(table.lines(in: StandardOutput.style).map { $0.dropFirst(2) + "\n" }.joined())
  }

  private func items() throws -> [Item] {
    switch subject {
    case .networks:
      return BuiltInNetworks.all.map { Item(name: $0.name, sentence: $0.sentence) }
    case .hardware:
      let library = HardwareLibrary.installed
      return library.names.map { name in
        do {
          let model = try library.model(name)
          return Item(name: name, sentence: model.summary)
        } catch {
          return Item(name: name, sentence: "cannot be read; joulery check says why")
        }
      }
    case .operations:
      return OperatorTable.operatorNames.map { Item(name: $0, sentence: "ONNX") }
        + PrimitiveCatalog.names.map { Item(name: $0, sentence: "primitive of the computation graph") }
    }
  }
}
