import Formats
import Measures
import Search

extension StudyReport {
  /// What a search in mixtures did to the mixture of each choice; nil for other strategies.
  var mixtures: Page.Mixtures? {
    guard let last = searchEpochs.last else { return nil }
    let choices = space.choices
    var legend: [PageContent.LegendEntry] = []
    for choice in choices {
      for (index, option) in choice.options.enumerated() where !legend.contains(where: { $0.title == option })
      {
        legend.append(.init(swatch: MixtureFigure.mark(index), title: option, share: "", sentence: option))
      }
    }
    let cards = choices.enumerated().map { index, choice in
      let weights = searchEpochs.map { index < $0.mixtures.count ? $0.mixtures[index] : [] }
      let chosen = index < last.architecture.options.count ? last.architecture.options[index] : 0
      return Page.Card(
        title: choice.name,
        detail: choice.options.indices.contains(chosen) ? "chosen: \(choice.options[chosen])" : "",
        drawings: [
          MixtureFigure(title: choice.name, options: choice.options, weights: weights).drawing(width: 300)
            .markup
        ])
    }
    return Page.Mixtures(
      guide:
        "Weights of the operations on each edge, stacked to 1, over \(searchEpochs.count) epochs; an operation "
        + "that was wiped has no weight from then on. The mixtures stand for \(space.text(of: last.architecture)).",
      legend: legend, cards: cards)
  }

  /// Entropy, wiped operations, losses, clipped rewards, regrets and prices over the epochs of a search in mixtures.
  var searchFigures: [Page.Figure] {
    guard let last = searchEpochs.last else { return [] }
    var figures = [
      searchFigure(
        "How decided the mixtures were",
        "Entropy of a mixture, the mean over edges, in nats; 0 where one operation has all the weight. "
          + "\(shortest(last.entropy, digits: 3)) in the end.", [("entropy", \.entropy)]),
      searchFigure(
        "Wiped operations",
        "Operations that cannot become the best of their edge any more leave the search network; \(last.wipedCount) in the "
          + "end.", [("wiped", { Double($0.wipedCount) })]),
      searchFigure(
        "Losses of the search network",
        "Of the images that weights learn from, and of those that mixtures learn from.",
        [("weights", \.trainingLoss), ("mixtures", \.rewardLoss)]),
      searchFigure(
        "Clipped rewards",
        "The share of rewards so far that were cut off at the bound; \(percent(last.clippedShare)) in "
          + "the end.", [("clipped", \.clippedShare)], format: { percent($0) }),
      searchFigure(
        "Time of an epoch", "Seconds; operations that were wiped are computed no more.",
        [("seconds", \.seconds)]),
    ]
    if let bounds = last.regretBounds {
      let bound = bounds.reduce(0, +)
      let regret = last.regrets.reduce(0, +)
      figures.append(
        searchFigure(
          "Regret",
          "Rewards of each edge's best operation less those of its mixture, added up over edges: "
            + "\(shortest(regret, digits: 4)), where theory allows \(shortest(bound, digits: 4)).",
          [("regret", { $0.regrets.reduce(0, +) }), ("bound", { ($0.regretBounds ?? []).reduce(0, +) })]))
    }
    for (index, price) in last.prices.enumerated() {
      figures.append(
        searchFigure(
          "Towards the target of \(price.criterion.rawValue)",
          "The expected cost as a multiple of its target, and the price λ on it; "
            + "\(shortest(price.expected / price.target, digits: 4)) and \(shortest(price.price, digits: 3)) in the end.",
          [
            (
              "cost by target",
              { index < $0.prices.count ? $0.prices[index].expected / $0.prices[index].target : .nan }
            ),
            ("price", { index < $0.prices.count ? $0.prices[index].price : .nan }),
          ]))
    }
    return figures
  }

  /// One or two lines over the epochs of the search.
  private func searchFigure(
    _ title: String, _ guide: String, _ lines: [(name: String, value: (SearchEpoch) -> Double)],
    format: @escaping @Sendable (Double) -> String = { shortest($0, digits: 3) }
  ) -> Page.Figure {
    let marks = ["l-training", "l-test"]
    let figure = Curves(
      label: "\(title) over epochs",
      lines: zip(lines, marks).map { line, mark in
        Curves.Line(
          title: line.name, mark: mark, points: searchEpochs.map { (Double($0.number), line.value($0)) })
      }, end: Double(searchEpochs.last?.number ?? 1), format: format)
    return Page.Figure(
      title: title, guide: guide,
      legend: lines.count > 1
        ? .init(
          zip(lines, marks).map { line, mark in
            .init(swatch: "\(mark)-swatch", title: line.name, share: "", sentence: "")
          }) : nil,
      pictures: [
        // Two of them stand side by side.
        .init(
          wide: figure.drawing(width: 480).markup,
          narrow: figure.drawing(width: FigureWidth.narrow).markup)
      ])
  }
}
