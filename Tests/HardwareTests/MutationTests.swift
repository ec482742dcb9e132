import Formats
import Hardware
import Measures
import Records
import Testing

/// Damaged files give a machine or errors with places; never a crash, never silence.
@Suite struct MutationTests {
  @Test(arguments: ShippedFiles.library.names + ["dram"])
  func `a damaged file is read or refused with places`(name: String) throws {
    let file = name == "dram" ? "dram/lpddr4-3200.yaml" : "\(name).yaml"
    let original = Array(try ShippedFiles.text(file).unicodeScalars)
    var refusals = 0
    for seed in 0..<100 {
      var random = RandomStream(seed: UInt64(seed))
      let text = mutated(original, with: &random)
      do throws(HardwareError) {
        if name == "dram" {
          _ = try DRAMStandard.decode(yaml: text, file: file)
        } else {
          let parts = ShippedFiles.library.parts(besides: "\(ShippedFiles.folder)/\(file)")
          let model = try HardwareModel.decode(yaml: text, file: file, parts: parts)
          let again = Result { () throws(HardwareError) in
            try HardwareModel.decode(yaml: model.yaml(), file: "again")
          }
          #expect(again == .success(model), "seed \(seed)")
        }
      } catch {
        refusals += 1
        #expect(!error.diagnostics.isEmpty)
        #expect(
          error.diagnostics.allSatisfy { $0.place.line > 0 && $0.place.column > 0 }, "seed \(seed): \(error)")
      }
    }
    // Damage to a comment or a source goes unnoticed; most of it does not.
    #expect(refusals > 30)
  }

  @Test func `damaged overrides are refused at the override`() throws {
    let keys = HardwareKeys.all.map(\.path)
    let values = [
      "", "32", "-1", "1e9", "{}", "[]", "~", "800 MHz", "*x", "&a", "!!int 3", "{a: [b, {c: d}]}", "\u{0}",
    ]
    for seed in 0..<300 {
      var random = RandomStream(seed: UInt64(seed))
      var key = Array(keys[random.below(keys.count)].unicodeScalars)
      if random.below(2) == 0 { key.remove(at: random.below(key.count)) }
      let override = String(String.UnicodeScalarView(key)) + "=" + values[random.below(values.count)]
      do throws(HardwareError) {
        _ = try ShippedFiles.library.model("edge", overrides: [override])
      } catch {
        #expect(error.kind == .badInput)
        #expect(!error.diagnostics.isEmpty)
      }
    }
  }

  /// One to four changes: a piece removed, doubled, moved, or replaced with something hostile.
  private func mutated(_ original: [Unicode.Scalar], with random: inout RandomStream) -> String {
    var text = original
    let hostile = [
      "", "-", "0", "99999999999999999999", "1e400 pJ", "nan", "{", "}", "[", "]", ":", ": ", "\n", "\t",
      "\"", "'",
      "#", "&a ", "*a", "!x ", "%", "? ", "| ", ">-\n", "---\n", "...\n", "\u{0}", "\u{7F}", "\u{FEFF}", "µ",
      "😀",
      "<<: ", "~", "null", "MHz", " KB", "edge", "\\", "\\ud800", "\"\\ud800\"", "\"\\U00110000\"", ",",
    ].map { Array($0.unicodeScalars) }
    for _ in 0...random.below(4) {
      guard !text.isEmpty else { break }
      let start = random.below(text.count)
      let end = min(text.count, start + random.below(24))
      switch random.below(4) {
      case 0: text.removeSubrange(start..<end)
      case 1: text.insert(contentsOf: text[start..<end], at: random.below(text.count))
      case 2: text.replaceSubrange(start..<end, with: hostile[random.below(hostile.count)])
      default: text.insert(contentsOf: hostile[random.below(hostile.count)], at: start)
      }
    }
    return String(String.UnicodeScalarView(text))
  }
}
