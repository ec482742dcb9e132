import Foundation
import Testing

@Suite struct `The other commands` {
  let program: Program
  init() throws { program = try Program() }

  @Test func `compare puts networks side by side`() throws {
    defer { program.remove() }
    let run = try program("compare", "lenet5", "squeezenet1.1")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.hasPrefix("2 runs on edge\n"))
    #expect(run.output.contains("squeezenet1.1"))
    #expect(run.output.contains("latency"))
  }

  @Test func `compare writes JSON and CSV with a run for each pair`() throws {
    defer { program.remove() }
    let run = try program("compare", "lenet5", "--on", "edge,edge", "--json", "--csv", "runs.csv")
    #expect(run.status == 0, "\(run.errors)")
    let root = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect((root["runs"] as? [Any])?.count == 2)
    let lines = String(decoding: try program.read("runs.csv"), as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[1] == lines[2])
  }

  @Test func `check says what is right and what is wrong, and ends like the first wrong file`() throws {
    defer { program.remove() }
    let edge = Program.sources.appending(path: "hwmodels/edge.yaml").path
    let right = try program("check", edge)
    #expect(right.status == 0)
    #expect(right.output.contains("edge.yaml: a machine that can be simulated"))
    try program.write("clock: 800", to: "wrong.yaml")
    let mixed = try program("check", "wrong.yaml", edge, "missing.onnx")
    #expect(mixed.status == 65)
    #expect(mixed.output.contains("edge.yaml: a machine"))
    #expect(mixed.errors.contains("wrong.yaml:1:"))
    #expect(mixed.errors.contains("missing.onnx"))
  }

  @Test func `check and explain speak JSON too`() throws {
    defer { program.remove() }
    let check = try program("check", "missing.onnx", "--json")
    #expect(check.status == 66)
    #expect(check.errors.isEmpty)
    let root = try #require(try JSONSerialization.jsonObject(with: Data(check.output.utf8)) as? [String: Any])
    let files = try #require(root["files"] as? [[String: Any]])
    #expect((files[0]["findings"] as? [String])?.count == 1)
    let explain = try program("explain", "clock", "--json").output
    #expect(try JSONSerialization.jsonObject(with: Data(explain.utf8)) is [String: Any])
  }

  @Test func `memory loads a DRAM, and refuses a pipe`() throws {
    defer { program.remove() }
    let run = try program("memory", "--set", "memory.channels=1", "--json", "--svg", "curve.svg")
    #expect(run.status == 0, "\(run.errors)")
    let root = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(root["dram"] as? String == "lpddr4-3200")
    #expect((root["curves"] as? [Any])?.count == 2)
    #expect(try program.read("curve.svg").count > 1000)
    let pipe = try program("memory", "--on", "nvdla-large")
    #expect(pipe.status == 64)
    #expect(pipe.errors.contains("found a pipe for memory, expected DRAM; name another machine with --on"))
    #expect(try program("memory", "--writes", "2").status == 64)
  }

  @Test func `list names networks, machines and operations`() throws {
    defer { program.remove() }
    #expect(try program("list", "networks").output.contains("resnet18"))
    let hardware = try program("list", "hardware").output.split(separator: "\n")
    #expect(hardware.contains { $0.hasPrefix("edge ") })
    #expect(try program("list", "operations").output.contains("Conv "))
    let json = try program("list", "networks", "--json").output
    let root = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect((root["networks"] as? [[String: String]])?.contains { $0["name"] == "resnet18" } == true)
  }

  @Test(arguments: [
    "array.rows", "mac_utilization", "fill-drain", "MAC util", "dram", "Waiting for loads", "clock",
  ])
  func `explain knows keys, columns, causes and components`(word: String) throws {
    defer { program.remove() }
    let run = try program("explain", word)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.count > 20)
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func `completions come from the program`(shell: String) throws {
    defer { program.remove() }
    let run = try program("--generate-completion-script", shell)
    #expect(run.status == 0)
    #expect(run.output.contains("simulate") && run.output.contains("joulery"))
  }
}
