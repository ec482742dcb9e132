import Measures
package import Studies

extension StudySummary {
  /// The best network beside the reference, both trained anew, as sentences; none before they are.
  ///
  /// - Parameter reference: What people call the reference: "the residual cell".
  package func gain(over reference: String?) -> [String] {
    guard let best = confirmed(.best) else { return [] }
    let count = best.accuracies.count
    var sentences = [
      "Trained anew with \(count) other \(count == 1 ? "seed" : "seeds") and judged on test images, the best network has "
        + "an accuracy of \(accuracy(best))."
    ]
    guard let other = confirmed(.reference) else { return sentences }
    let name = other.text.count > 24 ? nil : other.text
    let title = [reference, name.map { reference == nil ? $0 : "(\($0))" }].compactMap(\.self)
      .joined(separator: " ")
    sentences.append(
      "As a reference, \(title.isEmpty ? "what one takes without a search" : title) has \(accuracy(other)), "
        + "\(Seconds(other.latency)) and \(Joules(other.energy)): the best network takes "
        + "\(change(best.latency, other.latency)) latency and \(change(best.energy, other.energy)) energy.")
    return sentences
  }

  private func accuracy(_ network: Confirmed) -> String {
    percent(network.mean) + (network.error.map { " ± \(percent($0))" } ?? "")
  }

  /// "42.1 % less".
  private func change(_ value: Double, _ reference: Double) -> String {
    guard reference > 0 else { return "as much" }
    let share = value / reference - 1
    return share == 0 ? "as much" : "\(percent(abs(share))) \(share < 0 ? "less" : "more")"
  }
}
