import Formats
import Foundation
import Hardware
import Reports
import Simulator
import Testing

@Suite struct `The JSON report` {
  private func object(_ report: RunReport) throws -> [String: Any] {
    let value = try JSONSerialization.jsonObject(with: Data(report.json.text.utf8))
    return try #require(value as? [String: Any])
  }

  @Test func `has the promised keys`() throws {
    let root = try object(reportFixture())
    #expect(root["schema"] as? Int == 1)
    func keys(_ name: String) throws -> Set<String> { Set(try #require(root[name] as? [String: Any]).keys) }
    #expect(try keys("network").isSuperset(of: ["name", "sha256", "macs", "parameters"]))
    #expect(try keys("hardware").isSuperset(of: ["name", "sha256"]))
    #expect(
      try keys("totals").isSuperset(of: [
        "cycles", "latency_seconds", "energy_joules", "average_power_watts", "peak_power_watts",
        "mac_utilization",
        "dram_read_bytes", "dram_write_bytes", "sram_peak_bytes",
      ]))
    #expect(try keys("array_cycles_by_cause") == Set(CycleCause.allCases.map(\.rawValue)))
    let layers = try #require(root["layers"] as? [[String: Any]])
    #expect(layers.count == 21)
    #expect(
      Set(layers[0].keys).isSuperset(of: [
        "name", "operator", "start_cycle", "end_cycle", "compute_cycles", "macs", "mac_utilization",
        "energy_joules",
        "dram_bytes", "cycles_by_cause", "mapping_efficiency", "compute_utilization", "sram_reads",
        "sram_writes",
        "stored_weights", "weight_metadata_bits",
      ]))
    #expect(try keys("power_trace").isSuperset(of: ["window_seconds", "watts"]))
  }

  @Test func `has sums that agree`() throws {
    let root = try object(reportFixture())
    let totals = try #require(root["totals"] as? [String: Any])
    let cycles = try #require(totals["cycles"] as? Int)
    let energy = try #require(totals["energy_joules"] as? Double)
    let latency = try #require(totals["latency_seconds"] as? Double)
    let causes = try #require(root["array_cycles_by_cause"] as? [String: Int])
    #expect(causes.values.reduce(0, +) == cycles)
    let components = try #require(root["energy_by_component"] as? [String: Double])
    #expect(abs(components.values.reduce(0, +) / energy - 1) < 1e-9)
    let layers = try #require(root["layers"] as? [[String: Any]])
    let byLayer = layers.compactMap { $0["energy_joules"] as? Double }.reduce(0, +)
    #expect(abs(byLayer / energy - 1) < 1e-9)
    let trace = try #require(root["power_trace"] as? [String: Any])
    let window = try #require(trace["window_seconds"] as? Double)
    let watts = try #require(trace["watts"] as? [Double])
    let last = latency - window * Double(watts.count - 1)
    #expect(last > 0 && last <= window * (1 + 1e-12))
    let integral = watts.dropLast().reduce(0) { $0 + $1 * window } + (watts.last ?? 0) * last
    #expect(abs(integral / energy - 1) < 1e-9)
  }

  @Test func `has the bounds of the run and of each layer, in seconds`() throws {
    var report = reportFixture(layers: 1)
    report.result.layers[0].arrayUse = ArrayUse(dataflow: .weightStationary)
    let root = try object(report)
    let bounds = try #require(root["bounds"] as? [String: Any])
    let layer = report.result.layers[0]
    #expect(bounds["compute_seconds"] as? Double == Double(layer.macs) / (1024 * 800e6))
    // The bus of 16 B at 800 MHz is as fast as the memory, but only one way at a time.
    let bytes = layer.dramReadBytes / 2 + layer.dramWriteBytes
    #expect(bounds["bandwidth_seconds"] as? Double == Double(bytes) / 12.8e9)
    #expect(bounds["capacity_seconds"] as? Double == Double(bytes + layer.dramReadBytes / 4) / 12.8e9)
    #expect(bounds["least_bytes"] as? Int == bytes + layer.dramReadBytes / 4)
    let layers = try #require(root["layers"] as? [[String: Any]])
    #expect((layers[0]["bounds"] as? [String: Any])?["ratio"] as? Double == bounds["ratio"] as? Double)
    var unknown = report
    unknown.demand = nil
    #expect(try object(unknown)["bounds"] is NSNull)
    #expect(unknown.boundsText(in: .plain).isEmpty)
  }

  @Test func `starts with its schema and is the same for the same run`() {
    let text = reportFixture().json.text
    #expect(text.hasPrefix("{\n  \"schema\": 1,\n"))
    #expect(text == reportFixture().json.text)
  }
}

@Suite struct `JSON text` {
  @Test func `quotes what RFC 8259 asks to be quoted`() {
    #expect(JSONValue.string("a\"b\\c\n\u{1}\u{7F}é").text == "\"a\\\"b\\\\c\\n\\u0001\\u007fé\"\n")
  }

  @Test func `writes numbers that read back the same, and null for those that are none`() throws {
    for number in [0.1, 1e-12, 123_456_789.125, -0.0, Double.greatestFiniteMagnitude, 1e-300] {
      let text = JSONValue.array([.number(number)]).text
      let back = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [Double]
      #expect(back == [number])
    }
    #expect(
      JSONValue.array([.number(.nan), .number(.infinity), .null, .bool(true)]).text
        == "[null, null, null, true]\n")
  }

  @Test func `keeps the order of members and writes flat arrays on one line`() {
    let value: JSONValue = [
      "b": .array([.integer(1), .integer(2)]), "a": .object([]), "c": .array([["d": "e"]]),
    ]
    #expect(
      value.text == """
        {
          "b": [1, 2],
          "a": {},
          "c": [
            {
              "d": "e"
            }
          ]
        }

        """)
  }
}

@Suite struct `The CSV of layers` {
  @Test func `has a header, a line for each layer and the same number of fields in each`() {
    let lines = reportFixture().layersCSV.split(separator: "\n")
    #expect(lines.count == 22)
    #expect(lines[0].hasPrefix("index,name,operator,start_cycle,end_cycle,cycles,latency_seconds"))
    let fields = lines[0].split(separator: ",").count
    #expect(fields == 22 + CycleCause.allCases.count + Component.allCases.count)
  }

  @Test func `quotes fields that hold commas, quotation marks or line breaks`() {
    let csv = reportFixture(layers: 1) { _ in "a,\"b\"\r\nc" }.layersCSV
    #expect(csv.contains("0,\"a,\"\"b\"\"\r\nc\",convolution+relu,0,"))
  }
}
