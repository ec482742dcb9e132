import Formats
import Hardware
import Measures

/// Fits the parameters of a machine to measurements, and judges the fit on rows that it did not see.
package struct Calibrator: Sendable {
  package var template: HardwareTemplate
  package var set: MeasurementSet
  package var split: Split
  /// Keys to fit; empty for those of the file, or the usual ones.
  package var keys: [String]
  package var options: FitOptions
  package var jobs: Int
  package var store: SimulationStore
  /// Told what is being done.
  package var progress: @Sendable (String) -> Void

  package init(
    template: HardwareTemplate, set: MeasurementSet, split: Split = .none, keys: [String] = [],
    options: FitOptions = FitOptions(), jobs: Int = 1, store: SimulationStore = SimulationStore(),
    progress: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.template = template
    self.set = set
    self.split = split
    self.keys = keys
    self.options = options
    self.jobs = jobs
    self.store = store
    self.progress = progress
  }

  /// Runs the calibration.
  /// - Throws: ``CalibrationError`` with what is wrong with the input.
  package func run() throws(CalibrationError) -> CalibrationResult {
    let rows = set.usedRows
    guard !rows.isEmpty else {
      throw CalibrationError(
        .badInput,
        Diagnostic(at: Place(source: set.name), "every row has a flag", expected: "at least one without"))
    }
    let contradictions = Repeats.contradictions(in: rows)
    guard contradictions.isEmpty else { throw CalibrationError(.badInput, contradictions) }
    let parts = try split.parts(of: rows, file: set.name)
    let hasTime = rows.contains { $0.observations.contains { $0.quantity.isTime } }
    let hasEnergy = rows.contains { $0.value(of: .energy) != nil }
    let isJudged = split == .judged
    let parameters = isJudged ? [] : try template.parameters(keys, timing: hasTime, energy: hasEnergy)
    guard isJudged || !parameters.isEmpty else {
      throw CalibrationError(
        .badInput,
        Diagnostic(
          at: Place(source: keys.isEmpty ? template.path : "--fit \(keys.joined(separator: ","))"),
          "no key can be fitted to what was measured",
          expected: hasEnergy ? "a key of a time or an energy" : "a key that changes times"))
    }
    let fitter = Fitter(
      template: template, simulations: Simulations(rows: rows, store: store, jobs: jobs),
      parameters: parameters, areChosen: !keys.isEmpty, options: options, file: set.name, progress: progress)
    progress("simulating \(rows.count) rows")
    let before = try fitter.predictions(settings: [], rows: Array(rows.indices))
    let main = isJudged ? Fitter.Outcome() : try fitter.fit(parts[0].fitted)
    let after = try fitter.predictions(settings: main.settings, rows: Array(rows.indices))
    var heldOut: [Int: Prediction] = [:]
    if parts.count == 1 {
      for row in parts[0].heldOut { heldOut[row] = after[row] }
    }
    for (index, part) in parts.dropFirst().enumerated() {
      progress("fold \(index + 1) of \(parts.count - 1)")
      let fold = try fitter.fit(part.fitted, isFold: true)
      let predictions = try fitter.predictions(settings: fold.settings, rows: part.heldOut)
      for (row, prediction) in zip(part.heldOut, predictions) { heldOut[row] = prediction }
    }
    let assembly = ResultAssembly(
      rows: rows, parts: parts, before: before, after: after, heldOut: heldOut, model: template.model)
    return CalibrationResult(
      hardware: template.model.name, set: set,
      protocolSentence: split.sentence(fitted: parts[0].fitted.count, heldOut: heldOut.count),
      parameters: main.parameters, leftOut: main.leftOut, rows: assembly.rowOutcomes,
      quantities: assembly.quantityOutcomes, confusions: main.confusions, correlations: main.correlations,
      warnings: main.warnings + notes(heldOut: heldOut.count), evaluations: main.evaluations,
      simulations: store.counts.simulated, hasConverged: main.hasConverged,
      model: try fitter.machine(main.settings))
  }

  private func notes(heldOut: Int) -> [Diagnostic] {
    var notes: [Diagnostic] = []
    if !set.unusedColumns.isEmpty {
      notes.append(
        Diagnostic(
          at: Place(source: set.name),
          "columns that a calibration does not use: \(listed(set.unusedColumns, joining: "and"))"))
    }
    let flagged = set.rows.count - set.usedRows.count
    if flagged > 0 {
      notes.append(
        Diagnostic(at: Place(source: set.name), "\(flagged) rows have a flag and take no part"))
    }
    if heldOut == 0 {
      notes.append(
        Diagnostic(
          at: Place(source: set.name), "no row was held out: the error on other networks is not known",
          remedy: "add --folds 5, --hold-out NAME or --split COLUMN"))
    }
    return notes
  }
}
