import Formats
import Hardware
import Measures
import Testing

/// The machines and parts that come with the toolkit.
@Suite struct PresetTests {
  @Test(arguments: ShippedFiles.library.names)
  func `a shipped machine loads, and reads back from its own encoding`(name: String) throws {
    let model = try ShippedFiles.library.model(name)
    #expect(model.name == name)
    #expect(try HardwareModel.decode(yaml: model.yaml(), file: "again.yaml") == model)
  }

  @Test(arguments: ShippedFiles.library.names(in: "calibrated"))
  func `a calibrated machine that ships still is the one that was fitted`(name: String) throws {
    let model = try ShippedFiles.library.model("calibrated/\(name)")
    #expect(model.calibrationStatement.hasPrefix("calibrated on \(name).csv; error held out: "))
  }

  @Test func `the schemas and the page of keys are those the declarations generate`() throws {
    let generated = [
      ("schema.json", HardwareKeys.schema.text), ("dram/schema.json", HardwareKeys.dramSchema.text),
      ("README.md", HardwareKeys.documentation),
    ]
    for (name, text) in generated {
      #expect(
        try ShippedFiles.committed(name, generated: text) == text,
        "set JOULERY_UPDATE=1 to write \(name) anew")
    }
  }

  @Test func `the shipped DRAM parts are the standards of the catalogue`() throws {
    #expect(ShippedFiles.library.names(in: "dram") == DRAMStandard.all.map(\.name).sorted())
    for standard in DRAMStandard.all {
      let file = "dram/\(standard.name).yaml"
      var part = try DRAMStandard.decode(yaml: ShippedFiles.text(file), file: file)
      for (written, computed) in zip(part.energy.amounts, standard.energy.amounts) {
        #expect(abs(written - computed) <= 1e-6 * computed)
      }
      part.energy = standard.energy
      #expect(part == standard)
      #expect(try DRAMStandard.decode(yaml: standard.yaml(), file: file) == standard)
    }
  }
}

extension DRAMStandard.Energy {
  fileprivate var amounts: [Double] {
    [activatePrecharge.value, readPerByte.value, writePerByte.value, refresh.value, standby.value]
  }
}

/// The promise that no number stands without a source.
@Suite struct SourceTests {
  @Test(arguments: ShippedFiles.library.names)
  func `every number of a shipped machine has a source`(name: String) throws {
    let model = try ShippedFiles.library.model(name)
    let sourced = model.sources.map { $0.key.split(separator: ".") }
    let root = try YAMLReader.read(model.yaml(), file: name)
    var missing: [String] = []
    for (path, text) in root.leaves(under: [])
    where DecimalNumber(parsing: text.split(separator: " ").first ?? "") != nil {
      // Energies and DRAM parts carry theirs; decoding requires it. Ranges of a calibration are wishes, not facts.
      guard path.first != "energy", path.first != "calibration", path.prefix(2) != ["memory", "dram"] else {
        continue
      }
      if !sourced.contains(where: { path.starts(with: $0.map(String.init)) }) {
        missing.append(path.joined(separator: "."))
      }
    }
    #expect(missing.isEmpty)
    #expect(model.sources.filter { $0.sentence.count < 20 } == [], "a source is a sentence")
  }

}

extension YAMLNode {
  /// The scalars below, with the path to each; elements of a list go by their name.
  fileprivate func leaves(under path: [String]) -> [(path: [String], text: String)] {
    switch content {
    case .scalar(let text, _): [(path, text)]
    case .mapping(let entries): entries.flatMap { $0.value.leaves(under: path + [$0.key]) }
    case .sequence(let nodes):
      nodes.enumerated().flatMap { index, node in
        var label = "\(index)"
        if case .scalar(let name, _) = node[key: "name"]?.content { label = name }
        return node.leaves(under: path + [label])
      }
    }
  }
}
