import Formats
import Measures
package import Search

extension SearchEpoch {
  /// What a one-shot search came to, on lines of text: the last of its epochs.
  package func terminalText(in style: TerminalStyle) -> String {
    var parts = ["\(number) epochs", "\(wipedCount) options wiped"]
    if let bound = regretBounds?.max(), let regret = regrets.max() {
      parts.append(
        "regret of a choice at most \(shortest(regret, digits: 3)) where theory allows \(shortest(bound, digits: 3))"
      )
    }
    parts.append("\(percent(clippedShare)) of rewards clipped")
    var lines = ["", style.printable("search network: " + parts.joined(separator: ", "))]
    for price in prices {
      var line =
        "expected \(price.criterion.rawValue) \(price.text(price.expected)), to be held to \(price.text(price.target)), "
        + "at a price of \(shortest(price.price, digits: 3))"
      if let determination = price.determination {
        line += "; sums over choices explain \(percent(determination)) of it"
      }
      lines.append(style.printable(line))
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension SearchEpoch.Price {
  /// A value with the unit of its criterion.
  fileprivate func text(_ value: Double) -> String {
    switch criterion {
    case .quality: shortest(value, digits: 4)
    case .latency: "\(Seconds(value))"
    case .energy: "\(Joules(value))"
    case .averagePower, .peakPower: "\(Watts(value))"
    }
  }
}
