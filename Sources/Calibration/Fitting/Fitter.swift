import Formats
import Hardware
import Measures

/// One fit to some of the rows: first the times, then, on the machine that they give, the energies.
struct Fitter: Sendable {
  var template: HardwareTemplate
  var simulations: Simulations
  var parameters: [Parameter]
  /// Whether the user named the parameters; else those that the rows cannot tell are left out.
  var areChosen: Bool
  var options: FitOptions
  var file: String
  var progress: @Sendable (String) -> Void

  /// What a fit found.
  struct Outcome: Sendable {
    var settings: [String] = []
    var parameters: [CalibrationResult.FittedParameter] = []
    var leftOut: [CalibrationResult.LeftOut] = []
    var confusions: [CalibrationResult.Confusion] = []
    var correlations: [[Double]] = []
    var warnings: [Diagnostic] = []
    var evaluations = 0
    var hasConverged = true
  }

  /// Fits to the rows at `rows`.
  /// - Throws: ``CalibrationError``.
  func fit(_ rows: [Int], isFold: Bool = false) throws(CalibrationError) -> Outcome {
    var outcome = Outcome()
    let timed = rows.filter { row in
      simulations.rows[row].observations.contains { $0.quantity.isTime }
    }
    if !timed.isEmpty { try fitTimes(timed, isFold: isFold, &outcome) }
    let metered = rows.filter { simulations.rows[$0].value(of: .energy) != nil }
    if !metered.isEmpty { try fitEnergies(metered, &outcome) }
    return outcome
  }

  /// The predictions of rows on the machine with some settings.
  func predictions(settings: [String], rows: [Int]) throws(CalibrationError) -> [Prediction] {
    var requests: [Simulations.Request] = []
    for row in rows {
      let model = try machine(settings + simulations.rows[row].overrides)
      // Prices matter here: the digest is of the whole machine.
      requests.append(Simulations.Request(row: row, model: model, digest: model.fingerprint))
    }
    let predictions = try simulations.predictions(requests)
    return zip(predictions, requests).map { prediction, request in
      prediction.leavingOut(simulations.rows[request.row].zeroShare, on: request.model)
    }
  }

  func machine(_ settings: [String]) throws(CalibrationError) -> HardwareModel {
    do throws(HardwareError) {
      return try template.model(settings)
    } catch {
      throw CalibrationError(.badInput, error.diagnostics)
    }
  }

  private func fitTimes(
    _ rows: [Int], isFold: Bool, _ outcome: inout Outcome
  ) throws(CalibrationError) {
    var problem = TimingProblem(
      template: template, parameters: parameters.filter { !$0.isEnergy }, simulations: simulations,
      rows: rows, loss: options.loss, priorWeight: options.priorWeight(rows: rows.count))
    guard !problem.parameters.isEmpty else { return }
    progress("measuring which of \(problem.parameters.count) parameters the rows can tell")
    let residuals = try problem.residuals(at: [problem.start])[0]
    let slopes = try problem.jacobian(at: problem.start, residuals: residuals, step: 0.1)
    let identifiability = Identifiability(slopes)
    let subjects = Set(rows.map { simulations.rows[$0].subject }).count
    try choose(&problem, slopes, identifiability, subjects: subjects, &outcome)
    guard !problem.parameters.isEmpty else { return }
    var options = options
    if isFold {
      options.starts = 1
      options.mostEvaluations = max(60, options.mostEvaluations / 3)
    }
    let fit = try TimingFit(problem: problem, options: options) { [progress] evaluations, error in
      progress("\(evaluations) machines tried, error \(shortest(error * 100, digits: 3)) %")
    }.run()
    outcome.evaluations = fit.evaluations
    outcome.hasConverged = fit.hasConverged
    outcome.settings = problem.settings(at: fit.point)
    guard !isFold else { return }
    report(problem, fit, &outcome)
  }

  /// Leaves out what the rows cannot tell, unless the user named it.
  private func choose(
    _ problem: inout TimingProblem, _ slopes: Matrix, _ identifiability: Identifiability, subjects: Int,
    _ outcome: inout Outcome
  ) throws(CalibrationError) {
    let names = problem.parameters.map(\.key)
    if areChosen {
      guard names.count <= subjects else {
        throw CalibrationError(
          .badInput,
          Diagnostic(
            at: Place(source: "--fit \(names.joined(separator: ","))"),
            "\(names.count) parameters are to be fitted to \(subjects) different runs of \(file)",
            expected: "at most as many parameters as runs",
            remedy: "name fewer keys, measure more networks, or leave --fit out"))
      }
      for (index, name) in names.enumerated() where !identifiability.isSeen(index) {
        outcome.warnings.append(
          Diagnostic(
            at: Place(source: "--fit \(name)"), "no row depends on it; it stays near its value",
            remedy: "leave it out"))
      }
      return
    }
    // Where rows are few, priors carry what half of them cannot.
    let most = subjects <= FitOptions.fewRows ? subjects - 1 : subjects / 2
    let chosen = Identifiability.choice(slopes, most: max(1, most))
    for (index, name) in names.enumerated() where !chosen.contains(index) {
      let reason =
        identifiability.isSeen(index)
        ? "the rows cannot tell it from the fitted ones" : "no row depends on it"
      outcome.leftOut.append(CalibrationResult.LeftOut(key: name, reason: reason))
    }
    problem.parameters = chosen.map { problem.parameters[$0] }
  }

  private func report(_ problem: TimingProblem, _ fit: TimingFit.Outcome, _ outcome: inout Outcome) {
    let bootstrap = Bootstrap(
      resamples: options.resamples, random: RandomStream(seed: options.seed).child(2))
    let intervals = Intervals(bootstrap: bootstrap).places(of: fit, problem)
    let identifiability = Identifiability(fit.jacobian)
    for (index, parameter) in problem.parameters.enumerated() {
      let value = parameter.value(at: fit.point[index])
      outcome.parameters.append(
        CalibrationResult.FittedParameter(
          key: parameter.key, before: parameter.before.text, after: value.text, lower: parameter.lower.text,
          upper: parameter.upper.text,
          interval: parameter.value(at: intervals[index].lowerBound).text + " … "
            + parameter.value(at: intervals[index].upperBound).text,
          effect: identifiability.effects[index]))
      if let warning = boundWarning(parameter, value) { outcome.warnings.append(warning) }
    }
    outcome.correlations = identifiability.correlations
    for (first, second) in identifiability.confusedPairs {
      outcome.confusions.append(
        CalibrationResult.Confusion(
          first: problem.parameters[first].key, second: problem.parameters[second].key,
          correlation: identifiability.correlations[first][second]))
    }
    if !fit.hasConverged {
      outcome.warnings.append(
        Diagnostic(
          at: Place(source: file),
          "the search ended after \(fit.evaluations) machines, before it came to rest",
          remedy: "raise --evaluations, or fit fewer keys"))
    }
  }

  /// A value at a bound says that the range is too narrow or that the machine lacks something; none is less than zero.
  private func boundWarning(_ parameter: Parameter, _ value: WrittenNumber) -> Diagnostic? {
    let isLowest = value.value <= parameter.lower.value * 1.001 && parameter.lower.value > 0
    guard isLowest || value.value >= parameter.upper.value * 0.999 else { return nil }
    return Diagnostic(
      at: Place(source: parameter.key),
      "the fit ends at a bound of \(parameter.lower.text) … \(parameter.upper.text)",
      remedy: "widen the range under calibration.parameters, or look for what the machine's description lacks"
    )
  }

  private func fitEnergies(_ rows: [Int], _ outcome: inout Outcome) throws(CalibrationError) {
    var chosen = parameters.filter(\.isEnergy)
    guard !chosen.isEmpty else { return }
    progress("fitting \(chosen.count) energies to \(rows.count) rows")
    let model = try machine(outcome.settings)
    let keys = EnergyActions.keys(of: model)
    let predictions = try predictions(settings: outcome.settings, rows: rows)
    func count(_ key: String, _ prediction: Prediction) -> Double {
      keys.firstIndex(of: key).map { prediction.actions[$0] } ?? 0
    }
    let idle = chosen.filter { parameter in predictions.allSatisfy { count(parameter.key, $0) == 0 } }
    for parameter in idle {
      outcome.leftOut.append(
        CalibrationResult.LeftOut(key: parameter.key, reason: "no row depends on it"))
    }
    chosen.removeAll { idle.contains($0) }
    guard !chosen.isEmpty else { return }
    let counts = predictions.map { prediction in chosen.map { count($0.key, prediction) } }
    let others = zip(predictions, counts).map { prediction, counts in
      prediction.joules
        - zip(chosen, counts).reduce(0) { $0 + (EnergyActions.price(of: $1.0.key, on: model) ?? 0) * $1.1 }
    }
    let fit = EnergyFit(
      parameters: chosen, counts: counts, others: others,
      measured: rows.map { simulations.rows[$0].value(of: .energy) ?? 1 },
      weights: rows.map { simulations.rows[$0].weight },
      priorWeight: options.priorWeight(rows: rows.count))
    let prices = fit.prices()
    let intervals = fit.intervals(
      Bootstrap(
        resamples: min(200, options.resamples), random: RandomStream(seed: options.seed).child(3)))
    for (index, parameter) in chosen.enumerated() {
      let value = parameter.before.with(prices[index])
      outcome.settings.append("\(parameter.key)=\(value.text)")
      outcome.parameters.append(
        CalibrationResult.FittedParameter(
          key: parameter.key, before: parameter.before.text, after: value.text, lower: parameter.lower.text,
          upper: parameter.upper.text,
          interval: parameter.before.with(intervals[index].lowerBound).text + " … "
            + parameter.before.with(intervals[index].upperBound).text,
          effect: Identifiability(fit.slopes).effects[index]))
      if let warning = boundWarning(parameter, value) { outcome.warnings.append(warning) }
    }
  }
}
