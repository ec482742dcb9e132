import Simulator
import Testing

@testable import Reports

@Suite struct `Names in narrow columns` {
  private func cut(_ names: [String], _ width: Int) -> [String] {
    NameShortener(width: width, ellipsis: "…").shortened(names)
  }

  @Test func `stay whole where they fit`() {
    #expect(cut(["conv1", "conv2"], 5) == ["conv1", "conv2"])
  }

  @Test func `keep the end where it tells them apart`() {
    #expect(cut(["features.stem.conv1", "features.stem.conv2"], 8) == ["…m.conv1", "…m.conv2"])
  }

  @Test func `keep both ends where the start tells them apart`() {
    #expect(cut(["layer1.block.conv.weight", "layer2.block.conv.weight"], 15).first == "layer1.….weight")
    #expect(Set(cut((0..<9).map { "h.\($0).attention.output.projection" }, 14)).count == 9)
  }

  @Test func `get numbers where nothing else helps`() {
    let names = ["aaaaaaaa1bbbbbbbb", "aaaaaaaa2bbbbbbbb", "aaaaaaaa1bbbbbbbb"]
    let texts = cut(names, 6)
    #expect(texts[0] == texts[2])
    #expect(texts[0] != texts[1])
    #expect(texts.allSatisfy { $0.count <= 6 })
  }

  @Test(arguments: [12, 16, 24]) func `of a whole network differ at any width`(width: Int) {
    var names: [String] = []
    for stage in 1...4 {
      for block in 0..<6 {
        for part in ["conv1", "conv2", "bn1", "downsample.0"] {
          names.append("backbone.body.layer\(stage).\(block).\(part).weight_quantized")
        }
      }
    }
    let texts = cut(names, width)
    #expect(Set(texts).count == names.count)
    #expect(texts.allSatisfy { $0.count <= width })
  }
}

@Suite struct `Layers without time` {
  @Test func `are explained below the table and on the page`() throws {
    var report = reportFixture(layers: 3)
    #expect(!report.terminalText(in: .plain).contains("0 s: hidden"))
    for index in report.result.layers[1].cyclesByCause.indices {
      report.result.layers[1].cyclesByCause[index].cycles = 0
    }
    #expect(report.terminalText(in: .plain).contains("  0 s: hidden, the layer ran entirely while others"))
    #expect(try report.html().contains("0 s: hidden, the layer ran entirely"))
  }
}

@Suite struct `Notes of a comparison` {
  @Test func `stand once, with the machines or networks that they hold for`() {
    let run = reportFixture(layers: 2).summary
    func named(_ network: String, _ machine: String, _ notes: [String]) -> RunSummary {
      var run = run
      run.network.name = network
      run.hardwareName = machine
      run.notes = notes
      return run
    }
    let comparison = Comparison(
      runs: [
        named("a", "edge", ["all", "machine", "network"]), named("a", "tpu", ["all", "network"]),
        named("b", "edge", ["all", "machine"]), named("b", "tpu", ["all", "one"]),
      ], provenance: Provenance(version: "", commandLine: ""))
    let lines = comparison.terminalText(in: .plain).split(separator: "\n").filter { $0.hasPrefix("note") }
    #expect(lines == ["note: all", "note: on edge: machine", "note: a: network", "note: b on tpu: one"])
  }
}
