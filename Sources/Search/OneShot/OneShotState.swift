import Formats
import Foundation
import Training

/// All of a one-shot search between two epochs but the weights.
///
/// Chance is drawn by seed, epoch and place, so that no generator needs to be kept.
struct OneShotState: Hashable, Sendable, Codable {
  /// Epochs done.
  var epoch = 0
  var mixtures: [EdgeMixture]
  var ascents: [DualAscent]
  /// What is in the network, which follows the mixtures at the end of an epoch.
  var isPresent: [[Bool]]
  /// Steps of the weights.
  var stepCount = 0
  var isFinished = false

  /// The version of the layout below.
  private static let version = "2"

  /// The state and the weights as one file.
  func checkpoint(_ store: WeightStore) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    encoder.nonConformingFloatEncodingStrategy = Self.infinities
    let text = String(decoding: try encoder.encode(self), as: UTF8.self)
    return Safetensors(
      tensors: store.tensors, metadata: [("joulery_search", Self.version), ("state", text)]
    ).bytes
  }

  /// The state of a file, and the weights by name.
  ///
  /// - Throws: `FormatError` for a file that holds no such state.
  static func read(_ bytes: [UInt8], source: String) throws -> (OneShotState, [String: [Float]]) {
    let file = try Safetensors(bytes, source: source)
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    guard file.text("joulery_search") == version, let text = file.text("state"),
      let state = try? decoder.decode(OneShotState.self, from: Data(text.utf8))
    else {
      throw FormatError([
        Diagnostic(
          at: Place(source: source), "no state of a one-shot search",
          expected: "what an epoch of this version of joulery left",
          remedy: "begin the study anew under another name")
      ])
    }
    return (state, Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name, $0.numbers ?? []) }))
  }

  private static var infinities: JSONEncoder.NonConformingFloatEncodingStrategy {
    .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  }
}
