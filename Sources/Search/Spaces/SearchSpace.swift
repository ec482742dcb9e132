package import Graphs
package import Measures

/// A set of networks, written as a list of choices.
///
/// Strategies know nothing of a space but its choices; what they mean is said once, by ``network(_:batch:)``.
package protocol SearchSpace: Sendable {
  /// The name in study files: "nas-bench-201".
  var name: String { get }
  /// What is decided, in order.
  var choices: [Choice] { get }
  /// A text that only architectures which compute the same function share.
  ///
  /// It is what results are cached under. A space may fail to see that two architectures are equal, never the reverse.
  func canonicalForm(of architecture: Architecture) -> String
  /// The architecture as people write it.
  func text(of architecture: Architecture) -> String
  /// The network of an architecture, without values of its weights.
  ///
  /// - Throws: `ShapeError` where it cannot be built.
  func network(_ architecture: Architecture, batch: Int) throws(ShapeError) -> Graph
  /// The architecture as pictures; none where a picture says no more than its text.
  func diagrams(of architecture: Architecture) -> [CellDiagram]
  /// What one would take without a search, for comparison; nil where nothing suggests itself.
  var reference: Reference? { get }
}

/// A well-known architecture of a space, and how people call it.
package struct Reference: Hashable, Sendable {
  package var architecture: Architecture
  /// "the residual cell".
  package var name: String

  package init(_ architecture: Architecture, name: String) {
    self.architecture = architecture
    self.name = name
  }
}

extension SearchSpace {
  /// Architectures of the space, or the largest integer if they are more.
  package var count: Int {
    choices.reduce(1) { product, choice in
      let (result, overflows) = product.multipliedReportingOverflow(by: choice.options.count)
      return overflows ? .max : result
    }
  }

  package func diagrams(of architecture: Architecture) -> [CellDiagram] { [] }

  package var reference: Reference? { nil }

  /// The options by name: "3x3 1x1 …".
  package func text(of architecture: Architecture) -> String {
    zip(choices, architecture.options).map { "\($0.name)=\($0.options[$1])" }.joined(separator: " ")
  }

  /// Whether an architecture has an option for every choice of the space.
  package func contains(_ architecture: Architecture) -> Bool {
    architecture.options.count == choices.count
      && zip(choices, architecture.options).allSatisfy { $0.options.indices.contains($1) }
  }

  /// An architecture in which each option is as likely as the others of its choice.
  package func sample(using random: inout RandomStream) -> Architecture {
    Architecture(choices.map { random.below($0.options.count) })
  }

  /// The architecture with one choice, picked at random, decided otherwise.
  package func mutation(of architecture: Architecture, using random: inout RandomStream) -> Architecture {
    let open = choices.indices.filter { choices[$0].options.count > 1 }
    guard !open.isEmpty else { return architecture }
    let choice = open[random.below(open.count)]
    var result = architecture
    let other = random.below(choices[choice].options.count - 1)
    result.options[choice] = other < architecture.options[choice] ? other : other + 1
    return result
  }

  /// Each choice from one of two parents, by a fair coin.
  package func crossover(
    _ first: Architecture, _ second: Architecture, using random: inout RandomStream
  ) -> Architecture {
    Architecture(zip(first.options, second.options).map { random.below(2) == 0 ? $0 : $1 })
  }

  /// All architectures that differ in one choice, in the order of choices and options.
  package func neighbours(of architecture: Architecture) -> [Architecture] {
    choices.indices.flatMap { choice in
      choices[choice].options.indices.filter { $0 != architecture.options[choice] }.map { option in
        var result = architecture
        result.options[choice] = option
        return result
      }
    }
  }

  /// All architectures in the order of a counter whose last choice runs fastest.
  ///
  /// - Complexity: O(1) for each element taken; spaces may be far too large to walk.
  package var all: some Sequence<Architecture> {
    let radices = choices.map(\.options.count)
    return sequence(state: Optional(Array(repeating: 0, count: radices.count))) { state in
      guard var digits = state else { return nil }
      let result = Architecture(digits)
      var position = digits.count - 1
      while position >= 0 {
        digits[position] += 1
        if digits[position] < radices[position] { break }
        digits[position] = 0
        position -= 1
      }
      state = position < 0 ? nil : digits
      return result
    }
  }
}
