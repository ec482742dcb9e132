import Measures
import Studies

extension StudyReport {
  /// The summary's table with what the search took.
  package func terminalText(in style: TerminalStyle) -> String {
    var text = summary.terminalText(in: style)
    var parts = [
      "\(duration) of trials", "\(grouped(simulationCount, separator: " ")) simulations",
      "\(grouped(summary.epochCount, separator: " ")) epochs",
    ]
    if let last = summary.hypervolumes.last { parts.append("hypervolume \(percent(last.share))") }
    text += style.faint(style.printable("cost: \(parts.joined(separator: ", "))")) + "\n"
    for note in notes { text += style.printable("note: \(note)") + "\n" }
    return text
  }
}
