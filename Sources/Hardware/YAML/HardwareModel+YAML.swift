package import Formats
package import Records

extension HardwareModel {
  /// Reads a hardware file.
  ///
  /// - Parameters:
  ///   - yaml: Its text.
  ///   - file: What places in messages call it.
  ///   - overrides: Settings such as `array.rows=32` that replace or add keys, with the same checks.
  ///   - parts: Finds the shared parts that the file mentions.
  /// - Throws: ``HardwareError`` with everything that is wrong in the file and the overrides, by place.
  package static func decode(
    yaml: String, file: String, overrides: [String] = [],
    parts: @escaping @Sendable (PartReference) -> Result<YAMLNode, HardwareError> = HardwareModel.noParts
  ) throws(HardwareError) -> HardwareModel {
    var root: YAMLNode
    do throws(FormatError) {
      root = try YAMLReader.read(yaml, file: file)
    } catch {
      throw HardwareError(.badInput, error.diagnostics)
    }
    guard !root.describesDRAM else {
      throw HardwareError(
        .badInput,
        [
          Diagnostic(
            at: root.place, "the file describes a DRAM part", expected: "a machine",
            remedy: "name the part in a machine, under memory.dram")
        ])
    }
    var decoding = Decoding(parts: { reference in
      parts(reference).mapError { FormatError($0.diagnostics) }
    })
    for override in overrides {
      root.apply(override, &decoding)
    }
    let model = record.codec.decode(root, &decoding)
    if let model {
      decoding.diagnostics += model.findings(places: decoding.places, root: root.place)
    }
    guard let model, decoding.diagnostics.isEmpty else {
      throw HardwareError(.badInput, decoding.diagnostics)
    }
    return model
  }

  /// The model as a hardware file, parts written out; decoding it gives an equal model.
  package func yaml() -> String {
    YAMLWriter.document(HardwareModel.record.codec.encode(self))
  }

  /// Knows no shared parts.
  package static let noParts: @Sendable (PartReference) -> Result<YAMLNode, HardwareError> = { reference in
    .failure(
      HardwareError(
        .badInput,
        [
          Diagnostic(
            at: reference.place, "'\(excerpt(reference.name))' names a part, and there is no library")
        ]))
  }
}

extension DRAMStandard {
  /// Reads a DRAM part from a file of its own.
  /// - Throws: ``HardwareError`` with everything that is wrong in it.
  package static func decode(yaml: String, file: String) throws(HardwareError) -> DRAMStandard {
    let root: YAMLNode
    do throws(FormatError) {
      root = try YAMLReader.read(yaml, file: file)
    } catch {
      throw HardwareError(.badInput, error.diagnostics)
    }
    var decoding = Decoding()
    let standard = record.codec.decode(root, &decoding)
    guard let standard, decoding.diagnostics.isEmpty else {
      throw HardwareError(.badInput, decoding.diagnostics)
    }
    return standard
  }

  /// The standard as a part file; decoding it gives an equal standard.
  package func yaml() -> String {
    YAMLWriter.document(DRAMStandard.record.codec.encode(self))
  }
}
