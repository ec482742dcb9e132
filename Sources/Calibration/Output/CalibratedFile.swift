import Formats
import Hardware

/// A calibrated machine as a hardware file: the file that it came from, with new numbers, the old ones behind them, and
/// how they were found.
package struct CalibratedFile: Sendable {
  package var text: String

  /// Writes the file of a result.
  ///
  /// - Throws: ``CalibrationError`` where the file cannot be changed so that it gives the fitted machine.
  package init(_ result: CalibrationResult, template: HardwareTemplate) throws(CalibrationError) {
    var notes = template.model.calibration
    notes.outcome = CalibrationOutcome(
      measurements: result.set.name, date: result.set.date.isEmpty ? "not given" : result.set.date,
      measurementsSHA256: result.set.sha256, fingerprint: result.model.fingerprint,
      protocolSentence: result.protocolSentence,
      fitError: result.errorText { $0.fitted }, heldOutError: result.errorText { $0.heldOut },
      values: result.parameters.map {
        FittedValue(key: $0.key, before: $0.before, after: $0.after, interval: $0.interval)
      })
    do throws(FormatError) {
      let fitsPart = result.parameters.contains { $0.key.hasPrefix("memory.dram.") }
      let yaml = template.yaml.removingSection("calibration")
      var edit = try YAMLEdit(
        fitsPart ? yaml.writingOutPart(of: template.model) : yaml, file: template.path)
      for override in template.overrides {
        let parts = override.split(separator: "=", maxSplits: 1).map(String.init)
        edit.set(Self.path(parts[0]), to: parts.count > 1 ? parts[1] : "", comment: "set on the command line")
      }
      for parameter in result.parameters {
        let path = Self.path(parameter.key)
        // A price that the file does not have needs a source beside its number.
        let isNewPrice = path.first == "energy" && !edit.has(path)
        let source = YAMLWriter.scalar("fitted to \(result.set.name)", isPlain: false)
        edit.set(
          path, to: isNewPrice ? "{value: \(parameter.after), source: \(source)}" : parameter.after,
          comment: "\(path.last ?? "") fitted; was \(parameter.before), 95 % in \(parameter.interval)")
        if path.first == "energy", !isNewPrice {
          edit.prefix(
            path + ["source"],
            with: "fitted to \(result.set.name); before that \(parameter.before) from this source –")
        }
      }
      var body = edit.text
      while body.hasSuffix("\n") { body.removeLast() }
      text = body + "\n\n" + notes.yaml()
    } catch {
      throw CalibrationError(.badInput, error.diagnostics)
    }
    try check(result, template)
  }

  private static func path(_ key: String) -> [String] { key.split(separator: ".").map(String.init) }

  /// The file must say what was fitted.
  private func check(_ result: CalibrationResult, _ template: HardwareTemplate) throws(CalibrationError) {
    do throws(HardwareError) {
      let model = try HardwareModel.decode(yaml: text, file: template.path, parts: template.parts)
      guard model.fingerprint != result.model.fingerprint else { return }
      throw HardwareError(
        .badInput,
        [
          Diagnostic(
            at: Place(source: template.path), "the fitted numbers cannot be put into this file",
            expected: "keys in block style, without anchors")
        ])
    } catch {
      throw CalibrationError(.badInput, error.diagnostics)
    }
  }
}

extension CalibrationResult {
  /// "latency 4.0 % MAPE on 14 rows, energy 3.1 % MAPE on 5 rows"; "none held out" where there is nothing.
  package func errorText(_ summary: (QuantityOutcome) -> ErrorSummary?) -> String {
    let texts = quantities.compactMap { quantity in
      summary(quantity).flatMap {
        $0.count == 0
          ? nil : "\(quantity.quantity.rawValue) \(percentText($0.meanError)) MAPE on \($0.count) rows"
      }
    }
    return texts.isEmpty ? "none held out" : texts.joined(separator: ", ")
  }
}

/// "4.0 %".
private func percentText(_ fraction: Double) -> String {
  let tenths = Int((fraction * 1000).rounded())
  return "\(tenths / 10).\(tenths % 10) %"
}

extension String {
  /// The hardware file with its DRAM part written out where it was named, so that numbers of the part can change.
  fileprivate func writingOutPart(of model: HardwareModel) -> String {
    guard case .dram(let system) = model.memory else { return self }
    let lines = split(separator: "\n", omittingEmptySubsequences: false).flatMap { line -> [Substring] in
      let margin = line.prefix { $0 == " " }
      let rest = line.dropFirst(margin.count)
      guard rest.hasPrefix("dram: "), !margin.isEmpty, !rest.contains("{") else { return [line] }
      let name = rest.dropFirst("dram: ".count)
      let part = system.standard.yaml().split(separator: "\n").map { Substring("\(margin)  \($0)") }
      return [Substring("\(margin)dram:  # \(name), written out")] + part
    }
    return lines.joined(separator: "\n")
  }
}
