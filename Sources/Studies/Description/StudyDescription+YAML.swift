import Formats
import Records

extension StudyDescription {
  /// Reads a study file.
  ///
  /// - Throws: ``StudyError`` with everything that is wrong in it.
  package static func decode(yaml: String, file: String) throws(StudyError) -> StudyDescription {
    let root: YAMLNode
    do throws(FormatError) {
      root = try YAMLReader.read(yaml, file: file)
    } catch {
      throw StudyError(.badInput, error.diagnostics)
    }
    var decoding = Decoding()
    let study = record.codec.decode(root, &decoding)
    if let study { decoding.diagnostics += study.findings(places: decoding.places, root: root.place) }
    guard let study, decoding.diagnostics.isEmpty else {
      throw StudyError(.badInput, decoding.diagnostics)
    }
    return study
  }

  /// Whether a YAML file has the one key that every study has and no other file.
  package static func isStudy(yaml: String, file: String) -> Bool {
    guard let root = try? YAMLReader.read(yaml, file: file), case .mapping(let entries) = root.content else {
      return false
    }
    return entries.contains { $0.key == "hardware" }
  }

  /// The study as a file; decoding it gives an equal study.
  package func yaml() -> String { YAMLWriter.document(StudyDescription.record.codec.encode(self)) }

  /// What is wrong between keys that are right by themselves.
  private func findings(places: [String: Place], root: Place) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    func place(_ path: String) -> Place { places[path] ?? root }
    if estimator.method == .table {
      if estimator.file == nil {
        findings.append(
          Diagnostic(
            at: place("estimator"), "estimator.file is missing", expected: "the path of a table",
            remedy: "add 'file: table.csv'"))
      }
      if estimator.column == nil {
        findings.append(
          Diagnostic(
            at: place("estimator"), "estimator.column is missing", expected: "the name of a column",
            remedy: "add 'column: c10_val200_mean'"))
      }
      if space.name != .nasBench201 {
        findings.append(
          Diagnostic(
            at: place("space.name"), "tables are of nas-bench-201, not of \(space.name.rawValue)",
            expected: "the space nas-bench-201, or an estimator that trains"))
      }
      if confirmations > 0 {
        findings.append(
          Diagnostic(
            at: place("confirmations"), "a study from a table trains nothing anew", expected: "0",
            remedy: "remove it"))
      }
    } else if dataset.training < estimator.batch {
      findings.append(
        Diagnostic(
          at: place("dataset.training"),
          "\(dataset.training) training images in batches of \(estimator.batch)",
          expected: "at least one batch", remedy: "raise dataset.training or lower estimator.batch"))
    }
    if estimator.probes > 0, estimator.trainingSpeed == nil {
      findings.append(
        Diagnostic(
          at: place("estimator.probes"), "probes for the method \(estimator.method.rawValue)",
          expected: "a method that uses training speed: tse, tse-e or tse-ema", remedy: "remove the key"))
    }
    if strategy.name.isOneShot {
      let section = strategy.oneShot ?? OneShotSection()
      // Half of the images are for the weights, half for the mixtures.
      if dataset.training / 2 < section.batch {
        findings.append(
          Diagnostic(
            at: place("strategy.one-shot"),
            "\(dataset.training) training images, halved, in batches of \(section.batch)",
            expected: "at least one batch in each half",
            remedy: "raise dataset.training or lower strategy.one-shot.batch"))
      }
      if section.redoesWeights, section.source == .validation {
        findings.append(
          Diagnostic(
            at: place("strategy.one-shot.redo"),
            "steps are to be taken again, but rewards are of validation images",
            expected: "'rewards-from: training'"))
      }
    } else if strategy.oneShot != nil {
      findings.append(
        Diagnostic(
          at: place("strategy.one-shot"),
          "a section for one-shot strategies, but the strategy is \(strategy.name.rawValue)",
          expected: "xnas, gaea, darts or softmax-gradient", remedy: "remove it, or change strategy.name"))
    }
    if strategy.name == .nsga2, strategy.population < 2 {
      findings.append(
        Diagnostic(
          at: place("strategy.population"), "a population of 1", expected: "at least 2 for nsga2"))
    }
    return findings
  }
}
