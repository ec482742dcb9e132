import Formats
import Hardware

/// ``FixtureMachine`` with a text of it changed, or overridden: what decoding says.
struct BrokenFile {
  private let text = FixtureMachine.yaml

  /// The messages after `original` was replaced, each without the file's name; "decoded" when there are none.
  func messages(replacing original: String, with replacement: String) -> [String] {
    precondition(text.contains(original), "the fixture has no '\(original)'")
    return messages(of: text.replacing(original, with: replacement, maxReplacements: 1), overrides: [])
  }

  func messages(overrides: String...) -> [String] { messages(of: text, overrides: overrides) }

  private func messages(of text: String, overrides: [String]) -> [String] {
    do throws(HardwareError) {
      let parts = ShippedFiles.library.parts(besides: ShippedFiles.folder + "/edge.yaml")
      _ = try HardwareModel.decode(yaml: text, file: "", overrides: overrides, parts: parts)
      return ["decoded"]
    } catch {
      return error.diagnostics.map {
        $0.description.hasPrefix(":") ? String($0.description.dropFirst()) : $0.description
      }
    }
  }
}
