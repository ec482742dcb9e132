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

  @Test(arguments: ["training", "inference", "matching"])
  func `profile says how long the kernels of a network take`(_ work: String) throws {
    defer { program.remove() }
    let common = [
      "profile", "convnet-small", "--batch", "4", "--runs", "1", "--threads", "1", "--work", work,
    ]
    let table = try program.run(common)
    #expect(table.status == 0, "\(table.errors)")
    #expect(table.output.contains("of convnet-small, batch 4, 1 threads"))
    #expect(table.output.contains("direct convolution"))
    let run = try program.run(common + ["--json"])
    let root = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(root["schema"] as? Int == 1)
    #expect(root["work"] as? String == work)
    let operations = try #require(root["floating_point_operations"] as? Int)
    #expect(operations >= 2 * 4 * 3_838_976)
    let kernels = try #require(root["kernels"] as? [[String: Any]])
    let counted = kernels.reduce(0) { $0 + ($1["floating_point_operations"] as? Int ?? 0) }
    #expect(counted == operations)
  }

  @Test func `profile refuses what it cannot run`() throws {
    defer { program.remove() }
    let threads = try program("profile", "convnet-small", "--threads", "0")
    #expect(threads.status == 64)
    #expect(threads.errors.contains("--threads must be at least 1, found 0"))
    #expect(try program("profile", "nothing").status == 66)
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
    let edge = try #require(hardware.first { $0.hasPrefix("edge ") })
    let cells = edge.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
    #expect(cells == "edge 32x32 systolic ws os int8 800 MHz 1.125 MiB 12.8 GB/s 819.2 GMAC/s")
    #expect(hardware.allSatisfy { $0.count <= 120 })
    let operations = try program("list", "operations").output
    #expect(operations.contains("ONNX: convolutions (2)\n  Conv "))
    #expect(operations.contains("primitives: products (4)\n  convolution "))
    #expect(operations.contains("for example float32[7, 5], float32[5, 3] -> float32[7, 3]"))
    let json = try program("list", "networks", "--json").output
    let root = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect((root["networks"] as? [[String: String]])?.contains { $0["name"] == "resnet18" } == true)
    let list = try program("list", "operations", "--json").output
    let all = try #require(try JSONSerialization.jsonObject(with: Data(list.utf8)) as? [String: Any])
    let entries = try #require(all["operations"] as? [[String: String]])
    #expect(entries.contains { $0["name"] == "Gelu" && $0["sentence"] == "operator sets from 20 on" })
    let machines = try program("list", "hardware", "--json").output
    #expect(machines.contains("\"peak_macs_per_second\": 819200000000.0"))
  }

  @Test func `list says where it looked for machines when there are none`() throws {
    defer { program.remove() }
    // A copy of the program elsewhere has no folder of machines above it.
    let copy = program.folder.appending(path: "joulery")
    try FileManager.default.copyItem(at: Program.binary, to: copy)
    let process = Process()
    process.executableURL = copy
    process.arguments = ["list", "hardware"]
    process.currentDirectoryURL = program.folder
    process.environment = [:]
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 66)
    #expect(text.hasPrefix("error: list hardware: found no hardware file in "))
    #expect(text.contains("set JOULERY_HWMODELS"))
  }

  @Test func `check knows DRAM parts and says what is wrong with them`() throws {
    defer { program.remove() }
    let folder = Program.sources.appending(path: "hwmodels/dram")
    let part = folder.appending(path: "ddr4-3200.yaml")
    let right = try program("check", part.path)
    #expect(right.status == 0, "\(right.errors)")
    #expect(right.output.contains("a DRAM part that machines can name: ddr4-3200, 25.6 GB/s"))
    let text = try String(contentsOf: part, encoding: .utf8)
    try program.write(text.replacingOccurrences(of: "bank-groups:", with: "bank-gruops:"), to: "part.yaml")
    let wrong = try program("check", "part.yaml")
    #expect(wrong.status == 65)
    #expect(wrong.errors.contains("'bank-gruops' is not a key here"))
    #expect(!wrong.errors.contains("scratchpads"))
    let machine = try program("simulate", "lenet5", "--on", part.path)
    #expect(machine.status == 65)
    #expect(machine.errors.contains("the file describes a DRAM part; expected a machine"))
  }

  @Test func `a hardware file in place of a network is told from one`() throws {
    defer { program.remove() }
    let edge = Program.sources.appending(path: "hwmodels/edge.yaml").path
    let run = try program("simulate", edge)
    #expect(run.status == 64)
    #expect(run.errors.contains("found a hardware file, expected a network; name the machine with --on"))
  }

  @Test(arguments: [
    "array.rows", "mac_utilization", "fill-drain", "MAC util", "dram", "Waiting for loads", "clock",
    "totals", "layers", "overrides", "cycles_memory-load", "energy_dram_joules", "on_front",
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
