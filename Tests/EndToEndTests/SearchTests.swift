import Foundation
import Testing

/// Studies at the command line: begun, repeated, resumed after a kill, and refused.
@Suite struct `search` {
  let program: Program
  init() throws { program = try Program() }

  static let study = """
    hardware: edge
    dataset: {training: 128, validation: 64}
    estimator: {epochs: 1}
    objective: {latency: {target: 10 us}, energy: {}}
    strategy: {name: nsga2, population: 4}
    budget: {trials: 8}
    seed: 3
    """

  @Test func `a study that is begun by init is read by check`() throws {
    defer { program.remove() }
    let file = try program("init", "study")
    #expect(file.status == 0, "\(file.errors)")
    try program.write(file.output, to: "s.yaml")
    let check = try program("check", "s.yaml")
    #expect(check.output.contains("s.yaml: a study of 50 trials, regularized-evolution on edge"))
  }

  @Test func `a study has the same bytes alone, with helpers, and resumed after a kill`() throws {
    defer { program.remove() }
    try program.write(Self.study + "\nparallel: 2", to: "whole.yaml")
    let whole = try program("search", "whole.yaml", "--json", "--workers", "1")
    #expect(whole.status == 0, "\(whole.errors)")
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(whole.output.utf8)) as? [String: Any])
    #expect((root["trials"] as? [Any])?.count == 8)
    #expect(root["is_complete"] as? Bool == true)
    #expect(try program("resume", "whole.sqlite", "--json").output == whole.output)

    for name in ["helped", "killed"] { try program.write(Self.study + "\nparallel: 2", to: "\(name).yaml") }
    let helped = try program("search", "helped.yaml", "--json")
    #expect(helped.output == whole.output.replacing("\"whole\"", with: "\"helped\""))

    let process = try program.start(
      ["search", "killed.yaml", "--workers", "1"], output: FileHandle.nullDevice,
      errors: FileHandle.nullDevice)
    // Once the store exists trials are under way; wherever the kill strikes, the result is the same.
    while !FileManager.default.fileExists(atPath: program.folder.appending(path: "killed.sqlite").path) {
      Thread.sleep(forTimeInterval: 0.01)
    }
    Thread.sleep(forTimeInterval: 0.3)
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let resumed = try program("resume", "killed.sqlite", "--json")
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(resumed.output == whole.output.replacing("\"whole\"", with: "\"killed\""))

    let list = try program("studies")
    #expect(list.output.contains("whole") && list.output.contains("8/8"))
  }

  @Test func `studies that cannot be run say why`() throws {
    defer { program.remove() }
    try program.write("hardware: edge\nbudgt: {trials: 3}\n", to: "key.yaml")
    let key = try program("search", "key.yaml")
    #expect(key.status == 65)
    #expect(key.errors.contains("key.yaml:2:1") && key.errors.contains("did you mean 'budget'?"))
    #expect(try program("search", "none.yaml").status == 66)
    #expect(try program("resume", "none.sqlite").status == 66)
    try program.write("hardware: edgy\n", to: "machine.yaml")
    #expect(try program("search", "machine.yaml").status == 66)
    try program.write(Self.study.replacing("target: 10 us", with: "limit: 1 ns"), to: "limit.yaml")
    let limit = try program("search", "limit.yaml")
    #expect(limit.status == 0)
    #expect(limit.output.contains("no network keeps all limits; nearest:"))
    try program.write("no database at all, and yet as long as one", to: "broken.sqlite")
    let broken = try program("resume", "broken.sqlite")
    #expect(broken.status == 65)
    #expect(broken.errors.contains("the store is damaged"))
  }
}
