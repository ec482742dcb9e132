package import Calibration
import Formats
import Measures

extension CalibrationResult {
  /// The result for a terminal: the parameters, the errors beside the baselines', and what to know.
  package func terminalText(in style: TerminalStyle) -> String {
    let verb = parameters.isEmpty ? "judged" : "calibrated"
    var lines = [style.heading(style.printable("\(hardware) \(verb) on \(set.name)"))]
    lines += style.paragraph("\(protocolSentence); \(evaluations) machines tried, \(simulations) simulations")
    if !parameters.isEmpty {
      lines += ["", style.heading("Parameters")] + parameterTable.lines(in: style)
    }
    if !leftOut.isEmpty {
      let groups = Dictionary(grouping: leftOut, by: \.reason).sorted { $0.key < $1.key }
      for (reason, parameters) in groups {
        lines += style.paragraph("not fitted, \(reason): \(parameters.map(\.key).joined(separator: ", "))")
      }
    }
    for quantity in quantities {
      lines += ["", style.heading("Errors of \(quantity.quantity.rawValue)")]
      lines += errorTable(quantity).lines(in: style)
      lines += style.paragraph(quantity.verdict)
    }
    lines += ["", style.heading("Residuals by class")] + classTable.lines(in: style)
    if !confusions.isEmpty || !warnings.isEmpty { lines.append("") }
    for confusion in confusions { lines += style.paragraph("note: \(confusion.sentence)") }
    for warning in warnings { lines += style.paragraph("note: \(warning)") }
    return lines.joined(separator: "\n") + "\n"
  }

  private var parameterTable: TextTable {
    var table = TextTable([
      .init("key", isFlexible: true), .init("before", .right), .init("after", .right),
      .init("95 %", .right), .init("effect", .right),
    ])
    for parameter in parameters {
      table.add(
        parameter.key, parameter.before, parameter.after, parameter.interval, percent(parameter.effect))
    }
    return table
  }

  private func errorTable(_ quantity: QuantityOutcome) -> TextTable {
    var table = TextTable([
      .init(""), .init("rows", .right), .init("MAPE", .right), .init("median", .right),
      .init("within 10 %", .right), .init("tau", .right), .init("rho", .right), .init("R2", .right),
    ])
    for row in quantity.errorRows { table.rows.append([row.title] + row.summary.cells) }
    return table
  }

  private var classTable: TextTable {
    var table = TextTable([
      .init("", isFlexible: true), .init("rows", .right), .init("MAPE", .right), .init("bias", .right),
    ])
    for entry in residualsByClass {
      table.add(entry.title, "\(entry.count)", percent(entry.meanError), percent(entry.bias))
    }
    return table
  }
}
