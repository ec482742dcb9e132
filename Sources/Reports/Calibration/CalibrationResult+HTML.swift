package import Calibration
import Formats
import Hardware
import Measures
import Mustache

extension CalibrationResult {
  /// The result as one self-contained HTML file.
  ///
  /// - Throws: `MustacheTemplate.ParserError` if the built-in template does not parse, which a test rules out.
  package func html(version: String, command: String) throws -> String {
    try MustacheTemplate(string: CalibrationPage.template).render(page(version, command))
  }

  private func page(_ version: String, _ command: String) -> CalibrationPage.Content {
    CalibrationPage.Content(
      title: "\(hardware) on \(set.name)", protocol: protocolSentence,
      verdict: parameters.isEmpty
        ? "Error of the machine as it is: \(errorText { $0.heldOut })."
        : "Error held out: \(errorText { $0.heldOut }). Fitted: \(errorText { $0.fitted }). "
          + "Before: \(errorText { $0.before }).",
      quantities: quantities.map(figure), isFitted: !parameters.isEmpty,
      parameters: parameters.map {
        CalibrationPage.Parameter(
          key: $0.key, before: $0.before, after: $0.after, interval: $0.interval,
          range: "\($0.lower) … \($0.upper)", effect: percent($0.effect))
      },
      leftOut: leftOut.map { "\($0.key), because \($0.reason)" },
      correlations: zip(parameters, correlations).map { parameter, row in
        CalibrationPage.Row(title: parameter.key, cells: row.map { shortest($0, digits: 2) })
      },
      classes: residualsByClass.map {
        CalibrationPage.Row(
          title: $0.title, cells: ["\($0.count)", percent($0.meanError), percent($0.bias)])
      },
      rows: rows.map { row in
        CalibrationPage.Row(
          title: row.name,
          cells: [
            row.isFitted ? "fitted" : "held out", value(row.measured, row), value(row.before, row),
            value(row.judged, row), percent(row.judged / row.measured - 1),
          ])
      },
      notes: confusions.map(\.sentence) + warnings.map(\.description),
      facts: [
        .init(title: "Joulery", value: version), .init(title: "Command", value: command),
        .init(title: "Measurements", value: "\(set.name), SHA-256 \(set.sha256)"),
        .init(title: "Machine", value: "\(hardware), fingerprint \(model.fingerprint)"),
        .init(title: "Search", value: "\(evaluations) machines, \(simulations) simulations"),
      ],
      style: PageStyle.text)
  }

  private func figure(_ quantity: QuantityOutcome) -> CalibrationPage.Quantity {
    let scatter = PredictionScatter(
      rows: rows.filter { $0.quantity == quantity.quantity }, quantity: quantity.quantity)
    return CalibrationPage.Quantity(
      name: quantity.quantity.rawValue, wide: scatter.drawing(width: FigureWidth.wide).markup,
      narrow: scatter.drawing(width: FigureWidth.narrow).markup, verdict: quantity.verdict,
      errors: quantity.errorRows.map { CalibrationPage.Row(title: $0.title, cells: $0.summary.cells) })
  }

  private func value(_ value: Double, _ row: RowOutcome) -> String {
    row.quantity == .cycles ? grouped(Int(value)) : engineering(value, unit: row.quantity.unit)
  }
}
