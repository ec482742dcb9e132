import Foundation
import Testing

@Suite struct `A sweep` {
  let program: Program
  init() throws { program = try Program() }

  private let square = ["--set", "array.rows=8,16", "--set", "array.columns=8,16"]

  private func lines(_ name: String) throws -> [String] {
    String(decoding: try program.read(name), as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test func `runs every combination, each as a simulation alone gives it`() throws {
    defer { program.remove() }
    let run = try program.run(["sweep", "edge", "lenet5", "--json", "--csv", "s.csv"] + square)
    #expect(run.status == 0, "\(run.errors)")
    let root = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let points = try #require(root["points"] as? [[String: Any]])
    #expect(points.count == 4)
    #expect(points[1]["settings"] as? [String: String] == ["array.rows": "8", "array.columns": "16"])
    let alone = try program(
      "simulate", "lenet5", "--set", "array.rows=8", "--set", "array.columns=16", "--json")
    let single = try #require(
      try JSONSerialization.jsonObject(with: Data(alone.output.utf8)) as? [String: Any])
    let totals = try #require(single["totals"] as? [String: Any])
    for key in ["cycles", "latency_seconds", "energy_joules", "peak_power_watts", "mac_utilization"] {
      #expect(points[1][key] as? Double == totals[key] as? Double, "\(key)")
    }
    let table = try lines("s.csv")
    #expect(table.count == 5)
    #expect(table[0].hasPrefix("network,array.rows,array.columns,on_front,latency_seconds,energy_joules,"))
    #expect(table[2].hasPrefix("lenet5,8,16,"))
  }

  @Test func `changes zipped keys together and writes a page with a picture`() throws {
    defer { program.remove() }
    let run = try program(
      "sweep", "edge", "lenet5", "--zip", "array.rows=8,16", "--zip", "array.columns=8,16",
      "--set", "array.dataflows=[weight-stationary, output-stationary],[output-stationary]",
      "--report", "s.html", "--jobs", "1")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.hasPrefix("lenet5 on 4 variants of edge\n"))
    #expect(run.output.contains("*"))
    let page = String(decoding: try program.read("s.html"), as: UTF8.self)
    #expect(page.contains("<svg") && page.contains("lie on the front"))
    #expect(page.components(separatedBy: "<tr><td").count - 1 == 4)
  }

  @Test func `makes a failing point a row and tells it by the exit code`() throws {
    defer { program.remove() }
    let run = try program(
      "sweep", "edge", "lenet5", "--set", "scratchpads.accumulators.capacity=128 KiB,1 KiB,0 KiB", "--csv",
      "s.csv")
    #expect(run.status == 65 || run.status == 69 || run.status == 64, "\(run.errors)")
    #expect(run.errors.contains("of 3 points could not be simulated"))
    #expect(run.output.contains("failed: lenet5, scratchpads.accumulators.capacity=0 KiB"))
    let table = try lines("s.csv")
    #expect(table.count == 4)
    #expect(table[1].contains(",int8,0,,"))
    #expect(table[3].contains("0 KiB"))
  }

  @Test func `goes on from its table and ends with the same bytes`() throws {
    defer { program.remove() }
    let arguments = ["sweep", "edge", "lenet5", "--csv", "s.csv", "--report", "s.html", "--json"] + square
    let whole = try program.run(arguments)
    #expect(whole.status == 0, "\(whole.errors)")
    let (table, page) = (try program.read("s.csv"), try program.read("s.html"))
    let rows = try lines("s.csv")
    try program.write(rows[0] + "\n" + rows[3] + "\n", to: "s.csv")
    let rest = try program.run(arguments)
    #expect(rest.status == 0, "\(rest.errors)")
    #expect(rest.errors.contains("note: s.csv has 1 of 4 points"))
    #expect(rest.output == whole.output)
    #expect(try program.read("s.csv") == table)
    #expect(try program.read("s.html") == page)
    // A row of another version of the machine does not count.
    let stale = rows.map { $0.replacingOccurrences(of: ",0.1.0", with: ",0.0.9") }
    try program.write(stale.joined(separator: "\n"), to: "s.csv")
    #expect(try !program.run(arguments).errors.contains("note:"))
    #expect(try program.read("s.csv") == table)
  }

  @Test func `keeps what is finished when it is interrupted, and ends the same later`() throws {
    defer { program.remove() }
    let lanes = (1...40).map(String.init).joined(separator: ",")
    let arguments = [
      "sweep", "edge", "lenet5", "--set", "vector.lanes=\(lanes)", "--csv", "s.csv", "-j", "1",
    ]
    let errors = Pipe()
    let process = try program.start(
      arguments, output: .nullDevice, errors: errors.fileHandleForWriting)
    while process.isRunning, !program.files.contains("s.csv") { usleep(1_000) }
    kill(process.processIdentifier, SIGINT)
    process.waitUntilExit()
    try errors.fileHandleForWriting.close()
    let text = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    #expect(process.terminationStatus == 75, "\(text)")
    #expect(text.contains("of 40 points, run the same command to go on"))
    #expect(program.files == ["s.csv"])
    let kept = try lines("s.csv").count - 1
    #expect(kept > 0 && kept < 40)
    let rest = try program.run(arguments)
    #expect(rest.status == 0, "\(rest.errors)")
    #expect(rest.errors.contains("note: s.csv has \(kept) of 40 points"))
    let resumed = try program.read("s.csv")
    try program.write("", to: "s.csv")
    #expect(try program.run(arguments).status == 0)
    #expect(try program.read("s.csv") == resumed)
  }

  @Test(arguments: [
    (["--set", "array.rows"], 64, "found no values"),
    (["--set", "array.rows=8,,16"], 64, "found an empty value"),
    (["--set", "array.rows=8,8"], 64, "found '8' twice"),
    (["--set", "array.rows=8", "--set", "array.rows=16"], 64, "found in two axes"),
    (["--zip", "array.rows=8,16", "--zip", "array.columns=8"], 64, "as many for each key"),
    (["--set", "array.rwos=8,16"], 64, "rows"),
    (["--jobs", "0"], 64, "--jobs must be at least 1"),
    (["lenet5"], 64, "'lenet5' is named twice"),
    (["no-such-network"], 66, "no-such-network"),
  ])
  func `says what is wrong before it starts`(extra: [String], status: Int32, text: String) throws {
    defer { program.remove() }
    let run = try program.run(["sweep", "edge", "lenet5"] + extra)
    #expect(run.status == status, "\(run.errors)")
    #expect(run.errors.contains(text), "\(run.errors)")
    #expect(run.output.isEmpty)
  }

  @Test func `does not write over another table`() throws {
    defer { program.remove() }
    try program.write("a,b\n1,2\n", to: "mine.csv")
    let run = try program("sweep", "edge", "lenet5", "--set", "vector.lanes=1,2", "--csv", "mine.csv")
    #expect(run.status == 65)
    #expect(run.errors.contains("not the table of this sweep"))
    #expect(try lines("mine.csv") == ["a,b", "1,2"])
  }
}
