import Foundation
import Testing

@Suite struct `joulery simulate` {
  let program: Program
  init() throws { program = try Program() }

  @Test func `prints a table with units for a built-in network`() throws {
    defer { program.remove() }
    let run = try program("simulate", "lenet5")
    #expect(run.status == 0)
    #expect(run.errors.isEmpty, "\(run.errors)")
    for text in [
      "lenet5 on edge", "Latency", "Energy by component", "Where the array's cycles went", "uncalibrated",
    ] {
      #expect(run.output.contains(text), "\(text) is missing")
    }
    #expect(run.output.allSatisfy { $0.isASCII }, "a pipe gets plain text")
    #expect(program.files.isEmpty)
  }

  @Test func `writes JSON whose sums agree`() throws {
    defer { program.remove() }
    let run = try program("simulate", "lenet5", "--json")
    #expect(run.status == 0)
    let root = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let totals = try #require(root["totals"] as? [String: Any])
    let cycles = try #require(totals["cycles"] as? Int)
    let energy = try #require(totals["energy_joules"] as? Double)
    let latency = try #require(totals["latency_seconds"] as? Double)
    #expect(cycles > 0 && energy > 0)
    let causes = try #require(root["array_cycles_by_cause"] as? [String: Int])
    #expect(causes.values.reduce(0, +) == cycles)
    let components = try #require(root["energy_by_component"] as? [String: Double])
    #expect(abs(components.values.reduce(0, +) / energy - 1) < 1e-9)
    let layers = try #require(root["layers"] as? [[String: Any]])
    #expect(abs(layers.compactMap { $0["energy_joules"] as? Double }.reduce(0, +) / energy - 1) < 1e-9)
    let layerCycles = layers.compactMap { ($0["cycles_by_cause"] as? [String: Int])?.values.reduce(0, +) }
    #expect(layerCycles.reduce(0, +) == cycles)
    let trace = try #require(root["power_trace"] as? [String: Any])
    let window = try #require(trace["window_seconds"] as? Double)
    let watts = try #require(trace["watts"] as? [Double])
    let last = latency - window * Double(watts.count - 1)
    let integral = watts.dropLast().reduce(0) { $0 + $1 * window } + (watts.last ?? 0) * last
    #expect(abs(integral / energy - 1) < 1e-9)
    let network = try #require(root["network"] as? [String: Any])
    #expect(layers.compactMap { $0["macs"] as? Int }.reduce(0, +) == network["macs"] as? Int)
    #expect((network["sha256"] as? String)?.count == 64)
  }

  @Test func `runs two networks at once and says what that costs each`() throws {
    defer { program.remove() }
    let run = try program(
      "simulate", "lenet5", "squeezenet1.1", "--on", "edge-x4", "--json", "--trace", "t.pftrace", "--report",
      "r.html")
    #expect(run.status == 0, "\(run.errors)")
    let root = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let networks = try #require(root["networks"] as? [[String: Any]])
    #expect(networks.compactMap { $0["core"] as? Int } == [0, 1])
    for network in networks {
      let alone = try #require(network["alone_cycles"] as? Int)
      let together = try #require(network["together_cycles"] as? Int)
      #expect(together >= alone && alone > 0)
    }
    let totals = try #require(root["totals"] as? [String: Any])
    let cycles = try #require(totals["cycles"] as? Int)
    #expect(cycles == networks.compactMap { $0["together_cycles"] as? Int }.max())
    let causes = try #require(root["array_cycles_by_cause"] as? [String: Int])
    #expect(causes.values.reduce(0, +) == 4 * cycles)
    #expect((causes["contention"] ?? 0) > 0)
    #expect((root["cores"] as? [[String: Any]])?.count == 4)
    let page = String(decoding: try program.read("r.html"), as: UTF8.self)
    for text in ["Networks at once", "Contention", "Cores"] { #expect(page.contains(text), "\(text)") }
    let text = try program("simulate", "lenet5", "squeezenet1.1", "--on", "edge-x4").output
    #expect(text.contains("slowdown") && text.contains("Contention"))
  }

  @Test(arguments: ["batch", "tile", "pipeline"])
  func `shares a network out among cores`(way: String) throws {
    defer { program.remove() }
    let run = try program(
      "simulate", "squeezenet1.1", "--on", "edge-x4", "--batch", "4", "--partition", way, "--json")
    #expect(run.status == 0, "\(run.errors)")
    let root = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect((root["notes"] as? [String])?.contains("shared out among 4 cores by \(way)") == true)
    let network = try #require(root["network"] as? [String: Any])
    let layers = try #require(root["layers"] as? [[String: Any]])
    #expect(layers.compactMap { $0["macs"] as? Int }.reduce(0, +) == network["macs"] as? Int)
    let one = try program(
      "simulate", "squeezenet1.1", "--on", "edge-x4", "--set", "cores=1", "--batch", "4", "--json")
    let alone = try #require(try JSONSerialization.jsonObject(with: Data(one.output.utf8)) as? [String: Any])
    func cycles(_ root: [String: Any]) -> Int { (root["totals"] as? [String: Any])?["cycles"] as? Int ?? 0 }
    // By tile all results go through main memory, which this machine has little of.
    #expect(cycles(root) > 0 && (way == "tile" || cycles(root) < cycles(alone)))
  }

  @Test func `refuses ways of sharing that mean nothing`() throws {
    defer { program.remove() }
    let two = try program("simulate", "lenet5", "lenet5", "--partition", "tile")
    #expect(two.status == 64 && two.errors.contains("--partition shares out one network, found 2"))
    let mapped = try program("simulate", "lenet5", "--on", "edge-x4", "--mapping", "1_1_1_1_1_1_1")
    #expect(mapped.status == 64)
    #expect(mapped.errors.contains("--mapping: found a machine of several cores, expected one"))
    let warm = try program("simulate", "lenet5", "--on", "edge-x4", "--warm")
    #expect(warm.status == 64)
    #expect(warm.errors.contains("--warm: found several cores or networks, expected one"))
  }

  @Test func `writes the same bytes for the same command`() throws {
    defer { program.remove() }
    let files = ["r.html", "l.csv", "t.pftrace"]
    let arguments = [
      "simulate", "lenet5", "--json", "--report", files[0], "--csv", files[1], "--trace", files[2],
    ]
    let first = try program.run(arguments)
    #expect(first.status == 0, "\(first.errors)")
    #expect(program.files == files.sorted())
    let contents = try files.map(program.read)
    let second = try program.run(arguments)
    #expect(first.output == second.output)
    #expect(try files.map(program.read) == contents)
  }

  @Test func `overrides keys of the machine, and says so`() throws {
    defer { program.remove() }
    let plain = try program("simulate", "lenet5", "--json")
    let slow = try program("simulate", "lenet5", "--json", "--set", "clock=100 MHz")
    #expect(slow.status == 0, "\(slow.errors)")
    #expect(slow.output.contains("\"overrides\": [\"clock=100 MHz\"]"))
    #expect(slow.output.contains("\"clock_hertz\": 100000000.0"))
    #expect(plain.output.contains("\"overrides\": []"))
  }

  @Test func `takes a batch or the shape of the input`() throws {
    defer { program.remove() }
    func macs(_ arguments: String...) throws -> Int? {
      let run = try program.run(["simulate", "lenet5", "--json"] + arguments)
      let root = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
      return (root?["network"] as? [String: Any])?["macs"] as? Int
    }
    let single = try #require(try macs())
    #expect(try macs("--batch", "3") == 3 * single)
  }

  @Test func `writes through to what is no regular file`() throws {
    defer { program.remove() }
    let run = try program("simulate", "lenet5", "--csv", "/dev/stdout")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("index,name,operator"))
  }

  @Test func `replaces the file behind a link and keeps the link`() throws {
    defer { program.remove() }
    try program.write("old", to: "real.csv")
    try FileManager.default.createSymbolicLink(
      atPath: program.folder.appending(path: "link.csv").path, withDestinationPath: "real.csv")
    #expect(try program("simulate", "lenet5", "--csv", "link.csv").status == 0)
    #expect(program.files == ["link.csv", "real.csv"])
    let text = String(decoding: try program.read("real.csv"), as: UTF8.self)
    #expect(text.hasPrefix("index,"))
  }

  @Test func `shows the bounds of each layer when asked, and never a time below one`() throws {
    defer { program.remove() }
    let plain = try program("simulate", "lenet5")
    let bound = try program("simulate", "lenet5", "--bound", "--report", "r.html")
    #expect(bound.output.hasPrefix(plain.output.split(separator: "\nnote")[0]))
    #expect(!plain.output.contains("whole run"))
    #expect(bound.output.contains("whole run"))
    let page = String(decoding: try program.read("r.html"), as: UTF8.self)
    #expect(page.contains("No run can be shorter than"))
    let json = try program("simulate", "lenet5", "--json").output
    let root = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let layers = try #require(root["layers"] as? [[String: Any]])
    let bounds = (layers + [root]).compactMap { $0["bounds"] as? [String: Any] }
    #expect(bounds.count == layers.count + 1)
    for bound in bounds {
      let time = try #require(bound["simulated_seconds"] as? Double)
      for key in ["compute_seconds", "bandwidth_seconds", "capacity_seconds"] {
        #expect(try #require(bound[key] as? Double) <= time)
      }
    }
  }
}
