import Foundation
import Testing

/// Every `joulery` command in a fenced block of the README runs as it stands there.
@Suite struct `The README` {
  static let commands: [[String]] = {
    guard let text = try? String(contentsOf: Program.sources.appending(path: "README.md"), encoding: .utf8)
    else {
      return []
    }
    var isFenced = false
    var commands: [[String]] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        isFenced.toggle()
      } else if isFenced {
        let words =
          line.split(separator: "#", maxSplits: 1).first?.split(separator: " ").map(String.init) ?? []
        let command = words.first == "$" ? Array(words.dropFirst()) : words
        guard command.first == "joulery" || command.first?.hasSuffix("/joulery") == true else { continue }
        commands.append(Array(command.dropFirst()))
      }
    }
    return commands
  }()

  @Test(arguments: commands) func `has commands that work`(command: [String]) throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(NetworkFiles.convolution(hasOpenExtents: true), to: "model.onnx")
    try program.write("Layer, M, N, K,\na, 20, 9, 30,\n", to: "topology.csv")
    try FileManager.default.copyItem(
      at: Program.sources.appending(path: "hwmodels"), to: program.folder.appending(path: "hwmodels"))
    if command.contains("evaluate") || command.contains("--resume") {
      let training = "train convnet-small --train-images 128 --epochs 1 --out run --quiet"
      #expect(try program.run(training.split(separator: " ").map(String.init)).status == 0)
    }
    if command.contains(where: { $0 == "study.yaml" || $0 == "study.sqlite" }) {
      // As `init` writes it, but for its length.
      let study = try program("init", "study").output.replacing("trials: 100", with: "trials: 3")
        .replacing("confirmations: 3", with: "confirmations: 0")
      try program.write(study, to: "study.yaml")
      if command.contains("study.sqlite") { #expect(try program("search", "study.yaml").status == 0) }
    }
    // What a shell would send to a file is what the program writes.
    let words = command.prefix { $0 != ">" }
    let run = try program.run(words.map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "'\"")) })
    #expect(run.status == 0, "joulery \(command.joined(separator: " ")): \(run.errors)")
    // What is exported is the result.
    #expect(run.output.isEmpty == command.contains("export"))
  }
}
